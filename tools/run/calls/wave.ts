/** Values as WAVE, the text format of component values, which `wasmtime run --invoke` has, too. */
import { caseOf, type LabelledValue, type Value } from "../../host/values/value.js";
import { casesOf } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { shortestF32 } from "../formats/json-value.js";

/** Labels that would be something else without `%`. */
const KEYWORDS = ["true", "false", "some", "none", "ok", "err", "inf", "nan"];

/** The text of a value without handles. */
export function waveText(type: ValueType, value: Value): string {
  switch (type.kind) {
    case "f32":
      return floatText(shortestF32(value as number));
    case "f64":
      return floatText(value as number);
    case "char":
      return `'${escaped(value as string, "'")}'`;
    case "string":
      return `"${escaped(value as string, '"')}"`;
    case "list":
      return `[${(value as readonly Value[]).map((item) => waveText(type.element, item)).join(", ")}]`;
    case "tuple":
      return `(${type.types.map((t, i) => waveText(t, (value as readonly Value[])[i]!)).join(", ")})`;
    case "record":
      return recordText(type, value as LabelledValue);
    case "flags":
      return `{${type.labels
        .filter((label) => (value as LabelledValue)[label])
        .map(labelText)
        .join(", ")}}`;
    case "enum":
      return labelText(value as string);
    case "variant":
      return caseText(type, value, labelText);
    case "option":
      return caseText(type, value, (label) => label);
    case "result":
      return caseText(type, value, (label) => (label === "error" ? "err" : label));
    default:
      return String(value as number | bigint | boolean);
  }
}

function recordText(type: ValueType & { kind: "record" }, value: LabelledValue): string {
  if (type.fields.length === 0) return "{:}";
  const fields = type.fields.map(
    (field) => `${labelText(field.name)}: ${waveText(field.type, value[field.name]!)}`,
  );
  return `{${fields.join(", ")}}`;
}

function caseText(
  type: ValueType & { kind: "variant" | "option" | "result" },
  value: Value,
  spelled: (label: string) => string,
): string {
  const { label, payload } = caseOf(value);
  const payloadType = casesOf(type).find((c) => c.name === label)!.type;
  return payloadType === null ? spelled(label) : `${spelled(label)}(${waveText(payloadType, payload)})`;
}

function labelText(label: string): string {
  return KEYWORDS.includes(label) ? `%${label}` : label;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function escaped(text: string, quote: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\"']/gu, (character) => {
    if (character === quote) return `\\${quote}`;
    if (character === '"' || character === "'") return character;
    return SHORT[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}

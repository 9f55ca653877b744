/** Types and values of conformance scripts, to and from those of the host. */
import { casesOf } from "../wit/layout.js";
import type { PrimitiveKind, ValueType } from "../wit/model.js";
import type { CoreValue } from "../host/values/flat.js";
import { Items } from "../host/copies/items.js";
import { isPlain } from "../host/values/plain-copy.js";
import { caseOf, caseValue, type LabelledValue, type Value } from "../host/values/value.js";
import type { ScriptCoreValue, ScriptType, ScriptValue } from "./script.js";

/** The type that a script spells; null stands for no type. */
export function typeOf(type: ScriptType | null): ValueType | null {
  return type === null ? null : valueType(type);
}

/** The same, where there must be a type. */
export function valueType(type: ScriptType): ValueType {
  if (typeof type === "string") return { kind: type as PrimitiveKind };
  if ("record" in type) {
    return { kind: "record", fields: type.record.map(([name, t]) => ({ name, type: valueType(t) })) };
  }
  if ("tuple" in type) return { kind: "tuple", types: type.tuple.map(valueType) };
  if ("list" in type) return { kind: "list", element: valueType(type.list) };
  if ("option" in type) return { kind: "option", type: valueType(type.option) };
  if ("enum" in type) return { kind: "enum", labels: type.enum };
  if ("stream" in type) return { kind: "stream", element: typeOf(type.stream) };
  return { kind: "result", ok: typeOf(type.result.ok), error: typeOf(type.result.error) };
}

const bits = new DataView(new ArrayBuffer(8));

/** A value from its spelling in a script. */
export function fromScript(type: ValueType, value: ScriptValue): Value {
  switch (type.kind) {
    case "u64":
    case "s64":
      return BigInt(value as string);
    case "f32":
    case "f64":
      return floatOfBits(type.kind, value as string);
    case "char":
      return String.fromCodePoint(value as number);
    case "list":
      return (value as readonly ScriptValue[]).map((v) => fromScript(type.element, v));
    case "tuple":
      return type.types.map((t, i) => fromScript(t, (value as readonly ScriptValue[])[i]!));
    case "record":
      return Object.fromEntries(
        type.fields.map((field, i) => [
          field.name,
          fromScript(field.type, (value as readonly ScriptValue[])[i]!),
        ]),
      );
    case "variant":
    case "option":
    case "result": {
      const { label, payload } = caseOf(value as Value);
      const payloadType = casesOf(type).find((c) => c.name === label)!.type;
      const lifted = payloadType === null ? null : fromScript(payloadType, payload as ScriptValue);
      return caseValue(type.kind, label, lifted);
    }
    default:
      return value as Value;
  }
}

/** A value's spelling in a script. */
export function toScript(type: ValueType, value: Value): ScriptValue {
  switch (type.kind) {
    case "u64":
    case "s64":
      return String(value as bigint);
    case "f32":
    case "f64":
      return bitsOfFloat(type.kind, value as number);
    case "char":
      return (value as string).codePointAt(0)!;
    case "list":
      return (value as readonly Value[]).map((v) => toScript(type.element, v));
    case "tuple":
      return type.types.map((t, i) => toScript(t, (value as readonly Value[])[i]!));
    case "record":
      return type.fields.map((field) => toScript(field.type, (value as LabelledValue)[field.name]!));
    case "variant":
    case "option":
    case "result": {
      if (value === null) return null;
      const { label, payload } = caseOf(value);
      const payloadType = casesOf(type).find((c) => c.name === label)!.type;
      return { [label]: payloadType === null ? null : toScript(payloadType, payload) };
    }
    default:
      return value as ScriptValue;
  }
}

function floatOfBits(kind: "f32" | "f64", hex: string): number {
  if (kind === "f32") bits.setUint32(0, Number(hex));
  else bits.setBigUint64(0, BigInt(hex));
  return kind === "f32" ? bits.getFloat32(0) : bits.getFloat64(0);
}

function bitsOfFloat(kind: "f32" | "f64", value: number): string {
  if (Number.isNaN(value)) return kind === "f32" ? "0x7fc00000" : "0x7ff8000000000000";
  if (kind === "f32") {
    bits.setFloat32(0, value);
    return `0x${bits.getUint32(0).toString(16).padStart(8, "0")}`;
  }
  bits.setFloat64(0, value);
  return `0x${bits.getBigUint64(0).toString(16).padStart(16, "0")}`;
}

/** A core value from its spelling in a script. */
export function coreFromScript([type, value]: ScriptCoreValue): CoreValue {
  if (type === "i64") return BigInt(value);
  return type === "i32" ? Number(value) : floatOfBits(type, String(value));
}

/** A core value's spelling in a script. */
export function coreToScript(type: ScriptCoreValue[0], value: CoreValue): ScriptCoreValue {
  if (type === "i64") return [type, String(value)];
  return type === "i32" ? [type, Number(value)] : [type, bitsOfFloat(type, Number(value))];
}

/**
 * The items that a host writes: hex for plain types, values for others, only a count without element type.
 */
export function itemsFromScript(
  type: ValueType | null,
  length: number,
  data: string | readonly ScriptValue[] | undefined,
): Items {
  if (type === null) return Items.units(length);
  if (typeof data === "string") return Items.fromBytes(type, Buffer.from(data, "hex"));
  return Items.fromValues(
    type,
    (data ?? []).map((value) => fromScript(type, value)),
  );
}

/** The same the other way round; undefined where a script has no `got`. */
export function itemsToScript(
  type: ValueType | null,
  items: readonly Items[],
): string | readonly ScriptValue[] | undefined {
  if (type === null || items.every((some) => some.length === 0)) return undefined;
  if (!isPlain(type)) return items.flatMap((some) => some.values().map((value) => toScript(type, value)));
  return items.map((some) => Buffer.from(some.canonicalBytes()!).toString("hex")).join("");
}

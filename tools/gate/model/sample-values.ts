/** Small, distinct values of any type: what the model puts into streams, parameters and results. */
import { codecOf } from "../../host/values/codec.js";
import { LiftLowerContext } from "../../host/values/lift-lower-context.js";
import { LinearMemory } from "../../host/values/linear-memory.js";
import { SharedFuture } from "../../host/copies/shared-future.js";
import { SharedStream } from "../../host/copies/shared-stream.js";
import { type Value, caseValue } from "../../host/values/value.js";
import { casesOf, elemSize, innerTypes } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";

/** Items of a list at most, and the period of their number: 1, 2, 0, 1, ... */
const LIST_PERIOD = 3;
/** Cases of a type that are tried at most. */
const MOST_CASES = 8;
/**
 * Texts of one to five code units, one without any, and one with a character that UTF-16 writes as a pair.
 */
const texts = ["a", "zé", "", "\u{1f600}bcd", "efghi"];

/** Value number `index` of `type`, from -1 on: numbers are `index + 1`, lists have 1, 2 or no items. */
export function sampleValue(type: ValueType, index: number): Value {
  switch (type.kind) {
    case "bool":
      return (index & 1) === 1;
    case "char":
      return String.fromCodePoint(0x61 + index);
    case "u64":
    case "s64":
      return BigInt(index + 1);
    case "string":
      return text(index);
    case "flags":
      return Object.fromEntries(type.labels.map((label, bit) => [label, ((index >> bit) & 1) === 1]));
    case "list":
      return Array.from({ length: type.length ?? (index + 1) % LIST_PERIOD }, (_, i) =>
        sampleValue(type.element, index + i),
      );
    case "record":
      return Object.fromEntries(type.fields.map((field) => [field.name, sampleValue(field.type, index)]));
    case "tuple":
      return type.types.map((inner) => sampleValue(inner, index));
    case "enum":
    case "variant":
    case "option":
    case "result":
      return sampleCase(type, index);
    case "stream":
      return new SharedStream(type.element);
    case "future":
      return new SharedFuture(type.element);
    case "own":
    case "borrow":
    case "error-context":
      return index;
    default:
      return index + 1;
  }
}

/** Distinct items that the model makes of each element type; then they come again. */
export const DISTINCT_ITEMS = 8;
/** Samples between the first items of two streams of one call. */
const SALT = 4;

/**
 * Number of the first sample of the stream that is parameter number `param`: two
 * streams bring different items.
 */
export function saltOf(param: number): number {
  return (param * SALT) % DISTINCT_ITEMS;
}

/** Item number `index` of the stream that is parameter number `param`. */
export function sampleItem(element: ValueType, index: number, param: number): Value {
  return sampleValue(element, (index + saltOf(param)) % DISTINCT_ITEMS);
}

function text(index: number): string {
  if (index < 0) return "";
  const whole = texts[index % texts.length]!;
  return index < texts.length ? whole : `${whole}${index}`;
}

function sampleCase(
  type: ValueType & { kind: "enum" | "variant" | "option" | "result" },
  index: number,
): Value {
  const cases = casesOf(type);
  const { name, type: payload } = cases[(index + cases.length) % cases.length]!;
  return caseValue(type.kind, name, payload === null ? null : sampleValue(payload, index));
}

/** The canonical bytes of value number `index` of a type without pointers and handles. */
export function sampleBytes(type: ValueType, index: number): Uint8Array {
  const bytes = new Uint8Array(elemSize(type));
  const memory = new LinearMemory({ buffer: bytes.buffer });
  const cx = new LiftLowerContext({ encoding: "utf16", memory, realloc: null });
  codecOf(type).store(cx, 0, sampleValue(type, index));
  return bytes;
}

/**
 * The order in which samples are tried where any may come: first 2 and 0 for
 * numbers, then whatever shows further cases.
 */
export const sampleOrder: readonly number[] = [1, -1, 0, 2, 3, 4, 5, 6];

/**
 * How many of `sampleOrder` show all that values of these types can be: both bools, every case of a variant.
 */
export function variety(types: readonly ValueType[]): number {
  const own = types.map((type) => {
    if (type.kind === "bool" || type.kind === "flags") return 3;
    const isVariant = ["enum", "variant", "option", "result"].includes(type.kind);
    const cases = isVariant ? casesOf(type as Parameters<typeof casesOf>[0]).length : 2;
    return Math.max(cases, variety(innerTypes(type)));
  });
  return Math.min(MOST_CASES, Math.max(2, ...own));
}

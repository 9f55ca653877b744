/**
 * Values between the host and the JavaScript of a file of imports, in jco's representation.
 *
 * | type | JavaScript |
 * |---|---|
 * | bool, numbers, char, string | as they are; u64 and s64 as BigInt |
 * | list | an array; of numbers a typed array |
 * | tuple | an array |
 * | record | an object with its fields in camelCase |
 * | enum | the label |
 * | flags | an object of booleans in camelCase |
 * | variant | `{ tag, val }` |
 * | option | the value or `undefined`; around another option `{ tag: "some", val }` or `{ tag: "none" }` |
 * | result | `{ tag: "ok", val }` or `{ tag: "err", val }` |
 * | own, borrow | an object of the resource's class |
 * | stream | an async iterable; from the file also any iterable and a ReadableStream |
 * | future | a promise |
 */
import { integerRange, type IntegerKind } from "../../host/values/scalar.js";
import { caseOf, caseValue, type LabelledValue, type Value } from "../../host/values/value.js";
import { casesOf } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { witType } from "../../wit/wit-type.js";
import { plainCamelCase } from "../../bindgen/names/names.js";

/** What handles are on the side of the file. */
export interface JsHandles {
  /** The object, async iterable or promise behind a handle. */
  toJs(type: HandleType, handle: Value): unknown;
  /** The handle of one; null when it is none of the type. */
  fromJs(type: HandleType, value: unknown): Value | null;
}

/** Types whose values are handles. */
export type HandleType = ValueType & { kind: "own" | "borrow" | "stream" | "future" | "error-context" };

/** A JavaScript value that is none of the type. */
export class JsMismatch extends Error {
  override readonly name = "JsMismatch";
}

type NumberKind = IntegerKind | "f32" | "f64";

const TYPED_ARRAYS = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const satisfies Record<NumberKind, unknown>;

/** The JavaScript value. */
export function toJs(type: ValueType, value: Value, handles: JsHandles): unknown {
  const each = (inner: ValueType, of: Value): unknown => toJs(inner, of, handles);
  switch (type.kind) {
    case "list":
      return listToJs(type.element, value as readonly Value[], each);
    case "tuple":
      return type.types.map((inner, i) => each(inner, (value as readonly Value[])[i]!));
    case "record":
      return Object.fromEntries(
        type.fields.map((field) => [
          plainCamelCase(field.name),
          each(field.type, (value as LabelledValue)[field.name]!),
        ]),
      );
    case "flags":
      return Object.fromEntries(
        type.labels.map((label) => [plainCamelCase(label), (value as LabelledValue)[label]]),
      );
    case "variant":
      return caseToJs(type, value, each);
    case "result":
      return caseToJs(type, value, each);
    case "option":
      if (type.type.kind === "option") return caseToJs(type, value, each);
      return value === null ? undefined : each(type.type, (value as LabelledValue)["some"]!);
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return handles.toJs(type, value);
    default:
      return value;
  }
}

function listToJs(
  element: ValueType,
  values: readonly Value[],
  each: (type: ValueType, value: Value) => unknown,
): unknown {
  const typed = Object.hasOwn(TYPED_ARRAYS, element.kind) ? TYPED_ARRAYS[element.kind as NumberKind] : null;
  if (typed !== null) return (typed as { from(values: readonly unknown[]): unknown }).from(values);
  return values.map((item) => each(element, item));
}

function caseToJs(
  type: ValueType & { kind: "variant" | "option" | "result" },
  value: Value,
  each: (type: ValueType, value: Value) => unknown,
): unknown {
  const { label, payload } = caseOf(value);
  const { tag, type: inner } = jsCases(type).find((one) => one.label === label)!;
  return inner === null ? { tag } : { tag, val: each(inner, payload) };
}

/** The cases of a type whose values are `{ tag, val }`. */
function jsCases(
  type: ValueType & { kind: "variant" | "option" | "result" },
): readonly { readonly tag: string; readonly label: string; readonly type: ValueType | null }[] {
  return casesOf(type).map(({ name, type: payload }) => ({
    tag: type.kind === "result" && name === "error" ? "err" : name,
    label: name,
    type: payload,
  }));
}

/** The host's value. @throws JsMismatch when it is none of the type: where, what was wanted, what came */
export function fromJs(type: ValueType, value: unknown, handles: JsHandles, path = ""): Value {
  const refuse = (): never => {
    throw new JsMismatch(
      `${path === "" ? "" : `${path} is `}${shown(value)}, where ${wanted(type)} is wanted`,
    );
  };
  const each = (inner: ValueType, of: unknown, step: string): Value =>
    fromJs(inner, of, handles, `${path}${step}`);
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? value : refuse();
    case "string":
      return typeof value === "string" ? value : refuse();
    case "char":
      return typeof value === "string" && /^[^\p{Cs}]$/u.test(value) ? value : refuse();
    case "f32":
    case "f64":
      return typeof value === "number" ? value : refuse();
    case "enum":
      return typeof value === "string" && type.labels.includes(value) ? value : refuse();
    case "list": {
      const items = arrayOf(type.element, value);
      if (items === null || (type.length !== undefined && items.length !== type.length)) return refuse();
      return items.map((item, i) => each(type.element, item, `[${i}]`));
    }
    case "tuple":
      if (!Array.isArray(value) || value.length !== type.types.length) return refuse();
      return type.types.map((inner, i) => each(inner, (value as unknown[])[i], `[${i}]`));
    case "record": {
      if (!isObject(value)) return refuse();
      const named = type.fields.map((field) => ({ ...field, js: plainCamelCase(field.name) }));
      return Object.fromEntries(
        named.map((field) => [field.name, each(field.type, value[field.js], `.${field.js}`)]),
      );
    }
    case "flags":
      return isObject(value) ? flagsFromJs(type.labels, value, path) : refuse();
    case "variant":
    case "result":
      return caseFromJs(type, value, each, refuse);
    case "option":
      if (value === undefined || value === null) return null;
      if (type.type.kind === "option") return caseFromJs(type, value, each, refuse);
      return { some: each(type.type, value, "") };
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return handles.fromJs(type, value) ?? refuse();
    default:
      return integerFromJs(type.kind, value) ?? refuse();
  }
}

function integerFromJs(kind: IntegerKind, value: unknown): number | bigint | null {
  const isWide = kind.endsWith("64");
  if (!(isWide && typeof value === "bigint") && !Number.isSafeInteger(value)) return null;
  const integer = BigInt(value as number | bigint);
  const [low, high] = integerRange[kind];
  if (integer < low || integer > high) return null;
  return isWide ? integer : Number(integer);
}

function arrayOf(element: ValueType, value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!Object.hasOwn(TYPED_ARRAYS, element.kind)) return null;
  const isTyped = ArrayBuffer.isView(value) && !(value instanceof DataView);
  return isTyped ? Array.from(value as Uint8Array) : null;
}

function flagsFromJs(
  labels: readonly string[],
  value: Readonly<Record<string, unknown>>,
  path: string,
): Value {
  const names = labels.map(plainCamelCase);
  for (const [name, flag] of Object.entries(value)) {
    if (!names.includes(name))
      throw new JsMismatch(`${path}.${name} is no flag; there are ${names.join(", ")}`);
    if (typeof flag !== "boolean" && flag !== undefined)
      throw new JsMismatch(`${path}.${name} is ${shown(flag)}, where true or false is wanted`);
  }
  return Object.fromEntries(labels.map((label, i) => [label, value[names[i]!] === true]));
}

function caseFromJs(
  type: ValueType & { kind: "variant" | "option" | "result" },
  value: unknown,
  each: (type: ValueType, value: unknown, step: string) => Value,
  refuse: () => never,
): Value {
  const found = isObject(value) ? jsCases(type).find(({ tag }) => tag === value["tag"]) : undefined;
  if (found === undefined) return refuse();
  const { val } = value as { val?: unknown };
  return caseValue(type.kind, found.label, found.type === null ? null : each(found.type, val, ".val"));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** What is wanted, in words that say how JavaScript writes it. */
function wanted(type: ValueType): string {
  const name = witType(type);
  switch (type.kind) {
    case "u64":
    case "s64":
      return `${name} (a BigInt)`;
    case "enum":
      return `${name} (${type.labels.map((label) => JSON.stringify(label)).join(", ")})`;
    case "record":
      return `${name} (an object with ${type.fields.map((field) => plainCamelCase(field.name)).join(", ")})`;
    case "flags":
      return `${name} (an object of booleans)`;
    case "variant":
    case "result":
    case "option":
      return `${name} ({ tag: ${jsCases(type)
        .map(({ tag }) => JSON.stringify(tag))
        .join(" or ")} })`;
    case "list":
      return `${name} (an array${type.length === undefined ? "" : ` of ${type.length}`})`;
    case "tuple":
      return `${name} (an array of ${type.types.length})`;
    case "own":
    case "borrow":
      return `a ${type.resource.name} (an object of its class)`;
    case "stream":
      return `${name} (an async iterable)`;
    case "future":
      return `${name} (a promise)`;
    case "char":
      return `${name} (a string of one character)`;
    default:
      return name;
  }
}

/** A value of the file's, short enough for a message. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Promise) return "a promise";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const { name } = (value as { constructor?: { name?: string } }).constructor ?? {};
  return name === undefined || name === "Object" ? "an object" : `a ${name}`;
}

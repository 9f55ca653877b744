/**
 * Values as JSON, the way people write them.
 *
 * Numbers are numbers; 64-bit integers beyond 2^53 and the floats that JSON lacks (`"NaN"`, `"Infinity"`,
 * `"-Infinity"`) are strings. Records are objects with the WIT's field names, tuples and lists arrays, enums
 * and chars strings, flags arrays of the labels that are set. An option is `null` or the value itself; around
 * another option it is `null` or `{"some": ...}`. A result is `{"ok": ...}` or `{"error": ...}`, a variant an
 * object with the case's name, or that name alone where there is no payload.
 */
import { integerRange, type IntegerKind } from "../../host/values/scalar.js";
import { caseOf, type LabelledValue, type Value } from "../../host/values/value.js";
import { casesOf } from "../../wit/layout.js";
import type { Case, ValueType } from "../../wit/model.js";

/** JSON that is no value of the type; `message` says where in it, and what is wanted. */
export class JsonMismatch extends Error {
  override readonly name = "JsonMismatch";
}

/** JSON as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object as `JSON.parse` gives it. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** The value that `json` writes. @throws JsonMismatch when it is none of the type */
export function fromJson(type: ValueType, json: Json, path = ""): Value {
  switch (type.kind) {
    case "bool":
      return typeof json === "boolean" ? json : refuse(type, json, path);
    case "f32":
    case "f64":
      return floatOf(type, json, path);
    case "char":
      return isText(json) && [...json].length === 1 ? json : refuse(type, json, path);
    case "string":
      return isText(json) ? json : refuse(type, json, path);
    case "list":
      return listOf(type, json, path);
    case "record":
      return recordOf(type, json, path);
    case "tuple":
      if (!Array.isArray(json) || json.length !== type.types.length) return refuse(type, json, path);
      return type.types.map((t, i) => fromJson(t, (json as Json[])[i]!, `${path}[${i}]`));
    case "enum":
      return typeof json === "string" && type.labels.includes(json) ? json : refuse(type, json, path);
    case "flags":
      return flagsOf(type, json, path);
    case "option":
      return optionOf(type, json, path);
    case "variant":
    case "result":
      return caseFromJson(type, casesOf(type), json, path);
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      throw new JsonMismatch(`${at(path)}a ${type.kind} cannot be written as JSON`);
    default:
      return integerOf(type.kind, json, path);
  }
}

/** The JSON that writes a value of the type. */
export function toJson(type: ValueType, value: Value): Json {
  switch (type.kind) {
    case "u64":
    case "s64":
      return Number.isSafeInteger(Number(value as bigint))
        ? Number(value as bigint)
        : String(value as bigint);
    case "f32":
      return jsonFloat(shortestF32(value as number));
    case "f64":
      return jsonFloat(value as number);
    case "list":
      return (value as readonly Value[]).map((v) => toJson(type.element, v));
    case "record":
      return Object.fromEntries(
        type.fields.map((field) => [field.name, toJson(field.type, (value as LabelledValue)[field.name]!)]),
      );
    case "tuple":
      return type.types.map((t, i) => toJson(t, (value as readonly Value[])[i]!));
    case "flags":
      return type.labels.filter((label) => (value as LabelledValue)[label]);
    case "option": {
      if (value === null) return null;
      const inner = toJson(type.type, (value as { some: Value }).some);
      return type.type.kind === "option" ? { some: inner } : inner;
    }
    case "variant":
    case "result": {
      const { label, payload } = caseOf(value);
      const payloadType = casesOf(type).find((c) => c.name === label)!.type;
      if (payloadType === null) return type.kind === "variant" ? label : { [label]: null };
      return { [label]: toJson(payloadType, payload) };
    }
    default:
      return value as Json;
  }
}

function integerOf(kind: IntegerKind | "error-context", json: Json, path: string): number | bigint {
  const type = { kind: kind as IntegerKind };
  const isDigits = typeof json === "string" && /^-?\d+$/.test(json);
  if (!isDigits && !Number.isSafeInteger(json)) {
    const hint =
      typeof json === "number" && Number.isInteger(json) ? "; write integers beyond 2^53 as strings" : "";
    return refuse(type, json, path, hint);
  }
  const value = BigInt(json as string | number);
  const [low, high] = integerRange[type.kind];
  if (value < low || value > high) return refuse(type, json, path);
  return type.kind.endsWith("64") ? value : Number(value);
}

function floatOf(type: ValueType, json: Json, path: string): number {
  if (typeof json === "number") {
    const value = type.kind === "f32" ? Math.fround(json) : json;
    return Number.isFinite(value)
      ? value
      : refuse(type, json, path, "; infinity is written as the string Infinity or -Infinity");
  }
  if (json === "NaN" || json === "Infinity" || json === "-Infinity") return Number(json);
  return refuse(type, json, path);
}

/** `JSON.stringify`, but -0 stays -0. */
export function jsonText(json: Json): string {
  if (Object.is(json, -0)) return "-0";
  if (Array.isArray(json)) return `[${(json as readonly Json[]).map(jsonText).join(",")}]`;
  if (!isObject(json)) return JSON.stringify(json);
  return `{${Object.entries(json)
    .map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`)
    .join(",")}}`;
}

function jsonFloat(value: number): Json {
  return Number.isFinite(value) ? value : String(value);
}

/** The number with the fewest digits that is the same f32. */
export function shortestF32(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

function listOf(type: ValueType & { kind: "list" }, json: Json, path: string): Value {
  if (!Array.isArray(json)) return refuse(type, json, path);
  if (type.length !== undefined && json.length !== type.length) return refuse(type, json, path);
  return (json as Json[]).map((item, i) => fromJson(type.element, item, `${path}[${i}]`));
}

function recordOf(type: ValueType & { kind: "record" }, json: Json, path: string): Value {
  if (!isObject(json)) return refuse(type, json, path);
  const unknown = Object.keys(json).find((key) => !type.fields.some((field) => field.name === key));
  if (unknown !== undefined) throw new JsonMismatch(`${at(path)}the record has no field "${unknown}"`);
  return Object.fromEntries(
    type.fields.map((field) => {
      const value = Object.hasOwn(json, field.name) ? json[field.name] : undefined;
      if (value === undefined) throw new JsonMismatch(`${at(path)}the field "${field.name}" is missing`);
      return [field.name, fromJson(field.type, value, `${path}.${field.name}`)];
    }),
  );
}

function flagsOf(type: ValueType & { kind: "flags" }, json: Json, path: string): Value {
  const set = Array.isArray(json)
    ? (json as Json[])
    : isObject(json)
      ? Object.keys(json).filter((key) => json[key] === true)
      : null;
  if (set === null || !set.every((label) => type.labels.includes(label as string)))
    return refuse(type, json, path);
  return Object.fromEntries(type.labels.map((label) => [label, set.includes(label)]));
}

function optionOf(type: ValueType & { kind: "option" }, json: Json, path: string): Value {
  if (json === null) return null;
  if (type.type.kind !== "option") return { some: fromJson(type.type, json, path) };
  if (!isObject(json) || json["some"] === undefined) return refuse(type, json, path);
  return { some: fromJson(type.type, json["some"], `${path}.some`) };
}

function caseFromJson(type: ValueType, cases: readonly Case[], json: Json, path: string): Value {
  const entries =
    typeof json === "string" ? [[json, null] as const] : isObject(json) ? Object.entries(json) : [];
  const [label, payload] = entries[0] ?? [];
  const chosen = cases.find((c) => c.name === label);
  if (entries.length !== 1 || chosen === undefined || payload === undefined) return refuse(type, json, path);
  if (chosen.type === null) return payload === null ? { [chosen.name]: null } : refuse(type, json, path);
  if (typeof json === "string") return refuse(type, json, path);
  return { [chosen.name]: fromJson(chosen.type, payload, `${path}.${chosen.name}`) };
}

/** A string of Unicode scalar values: lone surrogates can be written in JSON, but are no text. */
function isText(json: Json): json is string {
  return typeof json === "string" && !/\p{Surrogate}/u.test(json);
}

function isObject(json: Json): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function refuse(type: ValueType, json: Json, path: string, hint = ""): never {
  // JSON.parse makes Infinity of a number beyond f64, which JSON.stringify calls null.
  const text = json === Infinity || json === -Infinity ? `a number beyond f64` : jsonText(json);
  throw new JsonMismatch(
    `${at(path)}${text.length > 60 ? `${text.slice(0, 57)}...` : text} is not a valid ${wanted(type)}${hint}`,
  );
}

function at(path: string): string {
  return path === "" ? "" : `${path.replace(/^\./, "")}: `;
}

/** A type in a message, with what it allows where that is short. */
function wanted(type: ValueType): string {
  switch (type.kind) {
    case "enum":
      return `case of the enum (${type.labels.join(", ")})`;
    case "flags":
      return `set of flags (${type.labels.join(", ")})`;
    case "variant":
    case "result":
      return `${type.kind} (${casesOf(type)
        .map((c) => c.name)
        .join(", ")})`;
    case "tuple":
      return `tuple of ${type.types.length}`;
    case "list":
      return type.length === undefined ? "list" : `list of ${type.length}`;
    default:
      return type.kind;
  }
}

/** What the parameters of a call get, as `--in` says it. */
import { readFileSync } from "node:fs";
import { systemReason } from "../errors/system-error.js";
import { UserError } from "../errors/user-error.js";
import type { Value } from "../host/values/value.js";
import type { Field, FunctionType, ValueType } from "../wit/model.js";
import { parseText } from "./formats/csv-columns.js";
import { fromJson, JsonMismatch, type Json } from "./formats/json-value.js";
import { itemFile, refuseHandles, type ItemFile } from "./item-file.js";
import type { RunFlags } from "./run-flags.js";

/** What a parameter gets. */
export type RunInput =
  | ({ readonly kind: "stream" } & ItemFile)
  | { readonly kind: "value"; readonly type: ValueType; readonly value: Value }
  | { readonly kind: "future"; readonly elementType: ValueType | null; readonly value: Value };

/** What `--in` says, by the names in front of the `=`. @throws UserError when it says nothing, or twice */
export function givenInputs(flags: RunFlags): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const text of flags.in) {
    const equals = text.indexOf("=");
    if (equals < 1)
      throw new UserError(
        `--in ${text}: write PARAM=FILE, or PARAM=VALUE for a parameter that is not a stream`,
      );
    const name = text.slice(0, equals);
    if (given.has(name)) throw new UserError(`--in ${name}: given twice`);
    given.set(name, text.slice(equals + 1));
  }
  return given;
}

/** For each parameter what it gets. @throws UserError for what does not fit */
export function planInputs(func: FunctionType, call: string, flags: RunFlags): RunInput[] {
  const given = givenInputs(flags);
  const unknown = [...given.keys()].find((name) => !func.params.some((param) => param.name === name));
  if (unknown !== undefined) {
    const known = func.params.map((param) => param.name).join(", ");
    throw new UserError(`--in ${unknown}: ${call} has no such parameter; it has ${known || "none"}`);
  }
  return func.params.map((param) => planInput(param, given.get(param.name), flags));
}

/** What one parameter gets. @throws UserError for what does not fit */
export function planInput({ name, type }: Field, text: string | undefined, flags: RunFlags): RunInput {
  if (type.kind === "stream") {
    if (text === undefined)
      throw new UserError(`the stream parameter ${name} has no file; give --in ${name}=FILE`);
    refuseHandles(type.element, `parameter ${name}`);
    return { kind: "stream", ...itemFile(text, type.element, `--in ${name}=`, "in", flags) };
  }
  const valueType = type.kind === "future" ? type.element : type;
  refuseHandles(valueType, `parameter ${name}`);
  if (text === undefined && valueType !== null) {
    throw new UserError(
      `the parameter ${name} has no value; give --in ${name}=VALUE (or ${name}=@FILE with JSON in it)`,
    );
  }
  const value = valueType === null ? null : readValue(name, valueType, text!);
  if (type.kind === "future") return { kind: "future", elementType: valueType, value };
  return { kind: "value", type, value };
}

/** A value parameter: JSON, or plain text for strings, labels and numbers; `@FILE` reads it from a file. */
function readValue(name: string, type: ValueType, text: string): Value {
  try {
    return fromJson(type, text.startsWith("@") ? readJson(text.slice(1)) : textValue(type, text));
  } catch (error) {
    if (error instanceof JsonMismatch) throw new UserError(`--in ${name}=${text}: ${error.message}`);
    throw error;
  }
}

function textValue(type: ValueType, text: string): Json {
  const isText = type.kind === "string" || type.kind === "char" || type.kind === "enum";
  return isText && !/^".*"$/s.test(text) ? text : parseText(text, type);
}

function readJson(path: string): Json {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Json;
  } catch (error) {
    throw new UserError(`${path}: cannot be read as JSON: ${systemReason(error)}`);
  }
}

/** What `rill run` is to do, worked out and checked before anything is written. */
import { readFileSync, statSync } from "node:fs";
import { UserError } from "../errors/user-error.js";
import { systemReason } from "../errors/system-error.js";
import { readInput } from "../files/read-input.js";
import { isStandardOutput, refuseSameFile } from "../files/same-file.js";
import type { Value } from "../host/values/value.js";
import { layerOf } from "../wasm/read-module.js";
import { moduleWorld } from "../wit/module-world.js";
import { chosenFunction } from "../wit/exported-functions.js";
import { holdsHandle, innerTypes } from "../wit/layout.js";
import type { Field, FunctionType, ValueType, World } from "../wit/model.js";
import { addressOf, type Address, type Direction } from "./connections/address.js";
import { connectionFormat } from "./connections/connection-format.js";
import { formatOf, type ItemFormat } from "./formats/item-format.js";
import { parseText } from "./formats/csv-columns.js";
import { openItems } from "./formats/item-reader.js";
import { fromJson, JsonMismatch, type Json } from "./formats/json-value.js";

/** Flags of the command. */
export interface RunFlags {
  /** Left out when the guest exports one function. */
  readonly call?: string;
  readonly in: readonly string[];
  readonly out?: string;
  readonly host: string;
  readonly limit?: number;
  readonly format?: ItemFormat;
  readonly json?: boolean;
  /** Streams may come from and go to connections. */
  readonly connections?: boolean;
}

/** Items in a file: a stream parameter's, or the result's. */
export interface ItemFile {
  readonly path: string;
  readonly format: ItemFormat;
  readonly elementType: ValueType | null;
  /** Where it is when it is no file: `path` is then what the user wrote. */
  readonly address: Address | null;
}

/** What a parameter gets. */
export type RunInput =
  | ({ readonly kind: "stream" } & ItemFile)
  | { readonly kind: "value"; readonly type: ValueType; readonly value: Value }
  | { readonly kind: "future"; readonly elementType: ValueType | null; readonly value: Value };

/** Where the result goes: items to a file (nowhere when `file` is null), or one value. */
export type RunOutput =
  | { readonly kind: "none" }
  | { readonly kind: "items"; readonly elementType: ValueType | null; readonly file: ItemFile | null }
  | {
      readonly kind: "value";
      readonly type: ValueType | null;
      readonly isFuture: boolean;
      readonly path: string | null;
    };

/** What a run is to do, checked. */
export interface RunPlan {
  readonly corePath: string;
  readonly core: Uint8Array<ArrayBuffer>;
  readonly world: World;
  /** `interface#function`, or `function`. */
  readonly call: string;
  readonly func: FunctionType;
  /** In the order of the parameters. */
  readonly inputs: readonly RunInput[];
  readonly output: RunOutput;
  /** Items of each stream parameter after which it ends, or without any of the result. */
  readonly limit: number | undefined;
}

/**
 * Works the plan out.
 * @throws UserError for whatever does not fit: the module, the call, the parameters, the files
 */
export function planRun(corePath: string, flags: RunFlags): RunPlan {
  const core = readCore(corePath);
  const world = decodeWorld(corePath, core);
  const { name: call, func } = chosenFunction(world, flags.call ?? null);
  const inputs = planInputs(func, call, flags);
  if (inputs.filter((input) => input.kind === "stream" && input.path === "-").length > 1) {
    throw new UserError("--in: only one parameter can come from standard input");
  }
  const output = planOutput(func, call, flags);
  refuseOwnOutput(corePath, flags, inputs);
  refuseUnused(inputs, output, call, flags);
  refuseSameClient(inputs, output);
  for (const input of inputs) if (input.kind === "stream") validate(input, flags.limit);
  return { corePath, core, world, call, func, inputs, output, limit: flags.limit };
}

/** Whether a stream comes from or goes to a connection. */
export function isConnected({ inputs, output }: RunPlan): boolean {
  const isInput = inputs.some((input) => input.kind === "stream" && input.address !== null);
  return isInput || (output.kind === "items" && (output.file?.address ?? null) !== null);
}

/**
 * Whether items are appended to the file of the output. A run whose input is acknowledged message by
 * message has no whole result that could replace the file.
 */
export function isAppended({ inputs }: Pick<RunPlan, "inputs">, { path, address }: ItemFile): boolean {
  const isAcknowledged = inputs.some((input) => input.kind === "stream" && input.address?.kind === "mqtt");
  const isFile = path !== "-" && statSync(path, { throwIfNoEntry: false })?.isFile() !== false;
  return isAcknowledged && address === null && isFile;
}

/** @throws UserError when the output is one of the files that are read, or standard output has two uses */
function refuseOwnOutput(
  corePath: string,
  { in: given, out, json }: RunFlags,
  inputs: readonly RunInput[],
): void {
  const read = [
    { name: corePath, path: corePath },
    ...inputs.flatMap((input) =>
      input.kind === "stream" ? [{ name: `--in ${input.path}`, path: input.path }] : [],
    ),
    ...given.flatMap((text) => {
      const [, path] = /^[^=]*=@(.*)$/s.exec(text) ?? [];
      return path === undefined ? [] : [{ name: `--in ${text}`, path }];
    }),
  ];
  if (out !== undefined) refuseSameFile({ name: `--out ${out}`, path: out }, read);
  if (out === undefined || json === true) refuseSameFile({ name: "standard output", path: "-" }, read);
  if (json === true && out !== undefined && isStandardOutput(out))
    throw new UserError(
      `--out ${out} is where standard output goes, which --json writes to; give --out another file`,
    );
}

function readCore(path: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(readInput(path));
  const layer = layerOf(bytes);
  if (layer === "component")
    throw new UserError(`${path} is a component; rill run takes the core module (NAME.core.wasm)`);
  if (layer !== "module") throw new UserError(`${path} is not a WebAssembly module`);
  if (!WebAssembly.validate(bytes)) throw new UserError(`${path} is not a valid WebAssembly module`);
  return bytes;
}

function decodeWorld(path: string, core: Uint8Array): World {
  const world = moduleWorld(path, core);
  if (world === null) {
    throw new UserError(
      `${path} has no component-type section, so its types are unknown; build it with rill build`,
    );
  }
  return world;
}

/** @throws UserError when two connections would have one client id: the broker would end one for the other */
function refuseSameClient(inputs: readonly RunInput[], output: RunOutput): void {
  const named = [
    ...inputs.map((input) => ({ flag: "--in", address: input.kind === "stream" ? input.address : null })),
    { flag: "--out", address: output.kind === "items" ? (output.file?.address ?? null) : null },
  ].flatMap(({ flag, address }) =>
    address?.kind === "mqtt" && address.client !== undefined ? [{ flag, id: address.client }] : [],
  );
  const twice = named.find(({ id }, i) => named.findIndex((other) => other.id === id) < i);
  if (twice === undefined) return;
  throw new UserError(
    `--in and ${twice.flag} have the client id ${twice.id}, and a broker keeps one connection of each; give them two`,
  );
}

/** @throws UserError for a flag that would change nothing */
function refuseUnused(
  inputs: readonly RunInput[],
  output: RunOutput,
  call: string,
  { limit, format }: RunFlags,
): void {
  const streams = inputs.filter((input) => input.kind === "stream");
  if (limit !== undefined && streams.length === 0 && output.kind !== "items")
    throw new UserError(
      `--limit: ${call} neither takes nor returns a stream, so there are no items to count`,
    );
  const isStandard = (file: ItemFile | null): boolean =>
    file?.path === "-" || (file?.address ?? null) !== null;
  const out = output.kind === "items" ? output.file : null;
  if (format !== undefined && !isStandard(out) && !streams.some(isStandard))
    throw new UserError(
      "--format is for items on standard input and output and of connections; a file's extension says which format it has",
    );
}

function planInputs(func: FunctionType, call: string, flags: RunFlags): RunInput[] {
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
  const unknown = [...given.keys()].find((name) => !func.params.some((param) => param.name === name));
  if (unknown !== undefined) {
    const known = func.params.map((param) => param.name).join(", ");
    throw new UserError(`--in ${unknown}: ${call} has no such parameter; it has ${known || "none"}`);
  }
  return func.params.map((param) => planInput(param, given.get(param.name), flags));
}

function planInput({ name, type }: Field, text: string | undefined, flags: RunFlags): RunInput {
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

function planOutput(func: FunctionType, call: string, flags: RunFlags): RunOutput {
  const { result } = func;
  const { out } = flags;
  if (out === "-" && flags.json)
    throw new UserError("--out - and --json both write to standard output; give --out a file");
  if (result === null) {
    if (out !== undefined) throw new UserError(`--out ${out}: ${call} has no result`);
    return { kind: "none" };
  }
  const path = out ?? (flags.json ? null : "-");
  if (result.kind === "stream") {
    refuseHandles(result.element, "the result");
    const { element: elementType } = result;
    if (out !== undefined)
      return { kind: "items", elementType, file: itemFile(out, elementType, "--out ", "out", flags) };
    const file = path === null ? null : { path, format: flags.format ?? "jsonl", elementType, address: null };
    return { kind: "items", elementType, file };
  }
  const type = result.kind === "future" ? result.element : result;
  refuseHandles(type, "the result");
  return { kind: "value", type, isFuture: result.kind === "future", path };
}

/** Where a stream comes from or goes to: a file, or a connection. */
function itemFile(
  path: string,
  elementType: ValueType | null,
  flag: string,
  direction: Direction,
  flags: RunFlags,
): ItemFile {
  const address = addressOf(path, direction, flag);
  if (address === null)
    return { path, elementType, format: formatOf(path, elementType, flags.format), address };
  if (flags.connections !== true)
    throw new UserError(`${flag}${address.name}: only rill run on V8 has connections; give a file`);
  return { path, elementType, format: connectionFormat(address, elementType, flags.format), address };
}

function refuseHandles(type: ValueType | null, what: string): void {
  if (type === null || !holdsHandle(type)) return;
  const handle = findHandle(type);
  throw new UserError(
    `${what} holds a ${handle}, which a file cannot; rill run takes streams and futures of plain values only`,
  );
}

function findHandle(type: ValueType): string {
  const inner = innerTypes(type).find(holdsHandle);
  if (type.kind === "stream" || type.kind === "future" || inner === undefined) return type.kind;
  return findHandle(inner);
}

/** Reads a file once, up to the limit, so that what is wrong in it shows before anything is written. */
function validate({ path, elementType, format, address }: ItemFile, limit = Infinity): void {
  // What can be read once is checked as it comes.
  if (address !== null || path === "-" || statSync(path, { throwIfNoEntry: false })?.isFile() === false)
    return;
  const reader = openItems(path, elementType, format);
  try {
    let left = limit;
    const isSure = format === "raw" && /^[us]\d+$/.test(elementType?.kind ?? "");
    while (!isSure && left > 0) {
      const items = reader.read(Math.min(left, 4096));
      if (items === null) break;
      left -= items.length;
    }
  } finally {
    reader.close();
  }
}

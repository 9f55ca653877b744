/** What `rill run` is to do, worked out and checked before anything is written. */
import { statSync } from "node:fs";
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { isStandardOutput, refuseSameFile } from "../files/same-file.js";
import { layerOf } from "../wasm/read-module.js";
import { validatorWords } from "../wasm/validator-words.js";
import { moduleWorld } from "../wit/module-world.js";
import { chosenFunction } from "../wit/exported-functions.js";
import type { FunctionType, World } from "../wit/model.js";
import { planCalls } from "./calls/plan-calls.js";
import type { PlannedCall } from "./calls/planned-call.js";
import { openItems } from "./formats/item-reader.js";
import type { ItemFile } from "./item-file.js";
import { planInputs, type RunInput } from "./plan-parameter.js";
import { planOutput, type RunOutput } from "./plan-result.js";
import type { RunFlags } from "./run-flags.js";

export type { ItemFile } from "./item-file.js";
export type { RunInput } from "./plan-parameter.js";
export type { RunOutput } from "./plan-result.js";
export type { RunFlags } from "./run-flags.js";

/** What a run is to do, checked. */
export interface RunPlan {
  readonly corePath: string;
  readonly core: Uint8Array<ArrayBuffer>;
  readonly world: World;
  /** `interface#function`, or `function`. */
  readonly call: string;
  readonly func: FunctionType;
  /** Calls that follow each other in one instance; null where there is one, `call`. */
  readonly calls: readonly PlannedCall[] | null;
  /** In the order of the parameters, of all calls where there are several. */
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
  const { core, world } = readGuest(corePath);
  const what = flags.calls?.length ? planCalls(world, flags.calls, flags) : planOneCall(world, flags);
  checkFiles([corePath], what, flags);
  return { corePath, core, world, ...what, limit: flags.limit };
}

/**
 * Checks what is read and written, before anything is.
 * @param corePaths the guests
 * @param planned the inputs of all of them, and the output of the last
 * @throws UserError for files that cannot be, or a flag that would change nothing
 */
export function checkFiles(corePaths: readonly string[], planned: PlannedRun, flags: RunFlags): void {
  const { inputs, output } = planned;
  if (inputs.filter((input) => input.kind === "stream" && input.path === "-").length > 1) {
    throw new UserError("--in: only one parameter can come from standard input");
  }
  refuseOwnOutput(corePaths, flags, inputs);
  refuseUnused(planned, flags);
  refuseSameClient(inputs, output);
  for (const input of inputs) if (input.kind === "stream") validate(input, flags.limit);
}

type PlannedRun = Pick<RunPlan, "call" | "func" | "calls" | "inputs" | "output">;

/** A core module with its world. @throws UserError when the file is none, or does not say its world */
export function readGuest(corePath: string): Pick<RunPlan, "core" | "world"> {
  const core = readCore(corePath);
  return { core, world: decodeWorld(corePath, core) };
}

function planOneCall(world: World, flags: RunFlags): PlannedRun {
  const { name: call, func } = chosenFunction(world, flags.call ?? null);
  const inputs = planInputs(func, call, flags);
  return { call, func, calls: null, inputs, output: planOutput(func, call, flags) };
}

/** Where streams come from and go to: of one guest, or of several in a row, between which they are piped. */
export interface PlannedStreams {
  readonly inputs: readonly (RunInput | { readonly kind: "piped" })[];
  readonly output: RunOutput | { readonly kind: "piped" };
}

/** Whether a stream comes from or goes to a connection. */
export function isConnected({ inputs, output }: PlannedStreams): boolean {
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
  corePaths: readonly string[],
  { in: given, out, json }: RunFlags,
  inputs: readonly RunInput[],
): void {
  const read = [
    ...corePaths.map((path) => ({ name: path, path })),
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
  const wrong = validatorWords(bytes);
  if (wrong !== null) throw new UserError(`${path} is not a valid WebAssembly module: ${wrong}`);
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
function refuseUnused({ inputs, output, call, calls }: PlannedRun, { limit, format }: RunFlags): void {
  const streams = inputs.filter((input) => input.kind === "stream");
  if (calls === null && limit !== undefined && streams.length === 0 && output.kind !== "items")
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

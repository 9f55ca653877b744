/** The descriptor of one run of a guest: what run/descriptor.c reads. */
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { callbackName, destructorExport, liftName } from "../wit/canonical-names.js";
import { exportedFunctions } from "../wit/exported-functions.js";
import {
  flatten,
  functionTypes,
  holdsEnd,
  MAX_FLAT_PARAMS,
  MAX_FLAT_RESULTS,
  recordLayout,
} from "../wit/layout.js";
import type { FunctionType, ValueType, World } from "../wit/model.js";
import { ENCODINGS, stringEncodingOf } from "../wit/string-encoding.js";
import { GuestDescriptor, builtins, descriptorLines, signatureLetter } from "../c-host/descriptor.js";
import { valuesDescriptor } from "../c-host/flat-plan.js";
import { NotServed } from "../c-host/not-served.js";
import { ownUse } from "../c-host/resource-numbers.js";
import { elementsIn } from "../pack/held-ends.js";
import { writeChunk } from "../c-host/item-chunks.js";
import type { RunEntry, WamrParameter, WamrRun } from "./wamr-run.js";

/** Name of the file of the parameters' values, in the run's folder. */
export const PARAMS = "params";
/** Name of the file of a result that is a value. */
export const RESULT = "result";

/** What a run's descriptor says. */
export interface DescribedRun {
  readonly lines: readonly string[];
  /** The parameters' file, when there are any. */
  readonly params: Uint8Array | null;
  /** The type of a result that is a value. */
  readonly resultType: ValueType | null;
  /** Whether it takes the whole host. */
  readonly whole: boolean;
}

/** What stands for a stream or future among the parameters until the host has made it. */
const HANDLE: ValueType = { kind: "u32" };

/**
 * Describes the run of `job`, with the files of its values in `folder`.
 * @throws UserError for what the C host does not serve
 */
export function describeRun(job: WamrRun, core: Uint8Array, folder: string): DescribedRun {
  const guest = runDescriptor(job, core);
  const functions = functionLines(guest, job);
  if (job.entries !== undefined)
    return {
      lines: [...descriptorLines(guest), ...functions, ...job.entries.map(entryLine)],
      ...{ params: null, resultType: null, whole: true },
    };
  const { name, func } = calledExport(job.world, job.call);
  const params = describeParams(job, func, guest, join(folder, PARAMS));
  const result = describeResult(job, func.result, guest, join(folder, RESULT));
  const module = new WebAssembly.Module(core as Uint8Array<ArrayBuffer>);
  const hasCallback = WebAssembly.Module.exports(module).some((item) => item.name === callbackName(job.call));
  // A function that waits itself has a callback for form's sake.
  const waits = guest.imports.some(({ builtin }) => builtins[builtin] === "waitable-set.wait");
  const lines = [
    `encoding ${ENCODINGS.indexOf(stringEncodingOf(core))}`,
    `call ${name}`,
    ...(hasCallback ? ["callback"] : []),
    ...(func.async ? [] : ["sync"]),
    ...(job.mode === undefined ? [] : [job.mode]),
    ...(job.limit === undefined ? [] : [`limit ${job.limit}`]),
    ...params.lines,
    ...result.lines,
  ];
  return {
    lines: [
      ...descriptorLines(guest),
      ...functions,
      ...(job.rests === undefined ? [] : [`rests ${job.rests}`]),
      ...lines,
    ],
    params: params.file,
    resultType: result.type,
    whole: job.whole === true || guest.needsWhole || params.inMemory || (hasCallback && !waits),
  };
}

/** Types and imports of the run's guest: of one that is asked for its functions all that it passes, too. */
export function runDescriptor(
  { world, imports, entries }: Pick<WamrRun, "world" | "imports" | "entries">,
  core: Uint8Array,
): GuestDescriptor {
  const isAnswered = imports !== undefined;
  const holdsEnds = entries !== undefined;
  const guest = new GuestDescriptor(core, world, true, isAnswered, holdsEnds, isAnswered);
  if (!holdsEnds) return guest;
  const functions = [...entries.map(({ func }) => func), ...guest.imports.flatMap(({ func }) => func ?? [])];
  for (const element of functions.flatMap((func) => functionTypes(func).flatMap(elementsIn)))
    if (element !== null) guest.typeIndex(element);
  return guest;
}

/** The functions that the guest imports, and where they are answered. */
function functionLines({ imports }: GuestDescriptor, job: WamrRun): string[] {
  const flag = (value: boolean): string => (value ? "1" : "0");
  const functions = imports.flatMap(({ module, name, signature, func, async: isLoweredAsync }, index) => {
    if (func === undefined) return [];
    if (job.entries === undefined && functionTypes(func).some(holdsEnd))
      throw new NotServed(
        `the guest imports ${module} ${name}; of guests in a row the C host passes on no streams and futures`,
      );
    const [params, results] = signature.slice(1).split(")") as [string, string];
    const destructor =
      ownUse(func) === "drop" ? ` ${destructorExport(func.resource!.owner, func.resource!.name)}` : "";
    return `func ${index} ${flag(isLoweredAsync)} ${flag(func.async)} ${params.length} ${results.length}${destructor}`;
  });
  return job.imports === undefined ? functions : [...functions, `imports ${job.imports}`];
}

/** A function that is called when whoever started the program says so. */
function entryLine({ entry, func, isCallback }: RunEntry): string {
  const params = func.params.flatMap(({ type }) => flatten(type));
  const letters = params.length > MAX_FLAT_PARAMS ? "i" : params.map(signatureLetter).join("");
  const results = func.result === null ? 0 : flatten(func.result).length;
  const most = func.async ? MAX_FLAT_PARAMS : MAX_FLAT_RESULTS;
  const flags = `${func.async ? 0 : 1} ${isCallback ? 1 : 0}`;
  return `entry ${flags} ${results > most ? 1 : results} (${letters} ${liftName(entry, func.async)}`;
}

interface DescribedParams {
  readonly lines: readonly string[];
  readonly file: Uint8Array | null;
  /** The guest gives them memory. */
  readonly inMemory: boolean;
}

function describeParams(
  job: WamrRun,
  func: FunctionType,
  guest: GuestDescriptor,
  path: string,
): DescribedParams {
  const { params } = func;
  if (job.params.length !== params.length)
    throw new UserError(`${job.call} needs ${params.length} parameters`);
  if (params.length === 0) return { lines: [], file: null, inMemory: false };
  const types = params.map(({ type }, index) => ("value" in job.params[index]! ? type : HANDLE));
  const values = job.params.map((param) => ("value" in param ? param.value : 0));
  const tuple: ValueType = { kind: "tuple", types };
  const { offsets } = recordLayout(types.map((type, index) => ({ name: String(index), type })));
  return {
    lines: [
      `params ${valuesLine(types, guest, path)}`,
      ...params.flatMap(({ type }, index) => inputLine(type, job.params[index]!, offsets[index]!, guest)),
    ],
    file: writeChunk(tuple, [values]),
    inMemory: valuesDescriptor(types).cells > MAX_FLAT_PARAMS,
  };
}

/** Type, cells, flat plan and file of values. */
function valuesLine(types: readonly ValueType[], guest: GuestDescriptor, path: string): string {
  return [...valuesWords(types, guest), path].join(" ");
}

/** Type, cells and flat plan of values. */
function valuesWords(types: readonly ValueType[], guest: GuestDescriptor): readonly number[] {
  const { cells, flat } = valuesDescriptor(types);
  const index = guest.typeIndex({ kind: "tuple", types });
  const needed = cells > MAX_FLAT_PARAMS ? [] : flat;
  return [index, cells, needed.length, ...needed];
}

function inputLine(
  type: ValueType,
  param: WamrParameter,
  offset: number,
  guest: GuestDescriptor,
): readonly string[] {
  if ("value" in param) return [];
  if (type.kind !== "stream" && type.kind !== "future")
    throw new UserError(`a file of items for a parameter of type ${type.kind}`);
  if ("piped" in param) return [`piped ${offset} ${type.element ? guest.typeIndex(type.element) : -1}`];
  if ("path" in param && type.element)
    return [`${type.kind} ${offset} ${guest.typeIndex(type.element)} ${param.path}`];
  if ("path" in param && type.kind === "stream") return [`unit-stream ${offset} ${param.path}`];
  if ("path" in param || type.element)
    throw new UserError(`a ${type.kind} with an element type needs a file; one without, a count`);
  return [type.kind === "stream" ? `units ${offset} ${param.units}` : `unit-future ${offset}`];
}

interface DescribedResult {
  readonly lines: readonly string[];
  readonly type: ValueType | null;
}

function describeResult(
  job: WamrRun,
  type: ValueType | null,
  guest: GuestDescriptor,
  path: string,
): DescribedResult {
  if (type === null) return { lines: [], type: null };
  if (type.kind !== "stream" && type.kind !== "future")
    return { lines: [`result ${valuesLine([type], guest, path)}`], type };
  if (job.pipedOutput === true)
    return {
      lines: [`output piped ${type.element ? guest.typeIndex(type.element) : -1}`],
      type: null,
    };
  if (type.element === null) {
    const path = type.kind === "stream" && job.output !== undefined ? ` ${job.output}` : "";
    return { lines: [`output ${type.kind} -1${path}`], type: null };
  }
  if (job.output === undefined)
    throw new UserError(`${job.call} answers with a ${type.kind}; say where its items go`);
  return {
    lines: [`output ${type.kind} ${guest.typeIndex(type.element)} ${job.output}`],
    type: null,
  };
}

/** The core export behind `IFACE#FUNC`. @throws UserError that lists what there is */
function calledExport(world: World, call: string): { readonly name: string; readonly func: FunctionType } {
  const all = exportedFunctions(world);
  const func = all.get(call);
  if (!func)
    throw new UserError(`there is no function ${call}; the guest exports ${[...all.keys()].join(", ")}`);
  return { name: liftName(call, func.async), func };
}

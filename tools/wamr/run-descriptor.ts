/** The descriptor of one run of a guest: what run/descriptor.c reads. */
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { callbackName, liftName } from "../wit/canonical-names.js";
import { exportedFunctions } from "../wit/exported-functions.js";
import { functionTypes, holdsHandle, MAX_FLAT_PARAMS, recordLayout } from "../wit/layout.js";
import type { FunctionType, ValueType, World } from "../wit/model.js";
import { ENCODINGS, stringEncodingOf } from "../wit/string-encoding.js";
import { GuestDescriptor, builtins, descriptorLines } from "../c-host/descriptor.js";
import { valuesDescriptor } from "../c-host/flat-plan.js";
import { NotServed } from "../c-host/not-served.js";
import { numberedFunction } from "../c-host/resource-numbers.js";
import { writeChunk } from "../c-host/item-chunks.js";
import type { WamrParameter, WamrRun } from "./wamr-run.js";

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
  const guest = new GuestDescriptor(core, job.world, true, job.imports !== undefined);
  const functions = functionLines(guest);
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
      ...(job.imports === undefined ? [] : [`imports ${job.imports}`]),
      ...(job.rests === undefined ? [] : [`rests ${job.rests}`]),
      ...lines,
    ],
    params: params.file,
    resultType: result.type,
    whole: job.whole === true || guest.needsWhole || params.inMemory || (hasCallback && !waits),
  };
}

/** What the functions take and answer that the guest imports. */
function functionLines(guest: GuestDescriptor): string[] {
  return guest.imports.flatMap(({ module, name, func, async: isLoweredAsync }, index) => {
    if (func === undefined) return [];
    const numbered = numberedFunction(func);
    if (functionTypes(numbered).some(holdsHandle))
      throw new NotServed(
        `the guest imports ${module} ${name}; the C host's program does not pass on streams and futures`,
      );
    const of = (types: readonly ValueType[]): string =>
      types.length === 0 ? "-1 0 0" : valuesWords(types, guest).join(" ");
    const { result } = numbered;
    const params = numbered.params.map(({ type }) => type);
    return [
      `func ${index} ${isLoweredAsync ? 1 : 0} ${func.async ? 1 : 0} ${of(params)} ${of(result === null ? [] : [result])}`,
    ];
  });
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

/** What an image of version 2 says of the functions that its guest imports, and of its entry. */
import type { GuestDescriptor } from "../c-host/descriptor.js";
import { builtins } from "../c-host/descriptor.js";
import { UserError } from "../errors/user-error.js";
import { exportPath, parseImportName } from "../wit/canonical-names.js";
import { readRecord } from "../provenance/build-record.js";
import { needsArena, reachesPointer } from "../wit/arena-use.js";
import { functionTypes, isPointerFree } from "../wit/layout.js";
import type { FunctionType, World } from "../wit/model.js";
import { type EntryShape, handleCount, hasValues } from "./entry-shape.js";
import { functionHash, functionText } from "./function-text.js";
import type { ImageEntry, ImageFunctions, ImageRow } from "./image.js";
import type { PackedEntry } from "./image-entry.js";
import { callEnds, hasPointersInItems, holdsErrorContext } from "./held-ends.js";
import { pairHandles } from "./pair-places.js";

/** A function that the guest of an image imports. */
export interface PackedFunction {
  /** Its place among the imports. */
  readonly index: number;
  /** `interface#function`, or `function` for one of the world itself. */
  readonly id: string;
  /** What the hash is of. */
  readonly text: string;
  readonly hash: number;
  readonly func: FunctionType;
  /** The guest has lowered it with `async`. */
  readonly isAsync: boolean;
  /** Its result holds strings or lists. */
  readonly lowersPointers: boolean;
  /** What streams and futures in its result bring does: it comes while the guest waits for it. */
  readonly feedsPointers: boolean;
}

const TASK_RETURN = builtins.indexOf("task.return");

/**
 * The functions that the guest imports, in the module's order. @throws UserError for what no host here has
 */
export function packedFunctions({ imports }: GuestDescriptor): PackedFunction[] {
  return imports.flatMap(({ module, func, async: isAsync }, index) => {
    if (func === undefined) return [];
    const owner = module === "$root" ? "" : module;
    const text = functionText(owner, func);
    const id = text.slice(0, text.indexOf(": "));
    if (functionTypes(func).some(holdsErrorContext))
      throw new UserError(`the guest imports ${id}, which passes an error-context: a board's host has none`);
    const lowersPointers = func.result !== null && !isPointerFree(func.result);
    const feedsPointers = func.result !== null && hasPointersInItems(func.result);
    return { index, id, text, hash: functionHash(text), func, isAsync, lowersPointers, feedsPointers };
  });
}

/**
 * @param source the guest, as errors name it
 * @param host what does not hold ends for it
 * @throws UserError for one that passes streams or futures
 */
export function refuseEnds(source: string, functions: readonly PackedFunction[], host: string): void {
  const found = functions.find(({ func }) => callEnds(func) > 0);
  if (found !== undefined)
    throw new UserError(
      `${source} imports ${found.id}, which passes a stream or a future: ${host} calls functions of values and resources alone`,
    );
}

/**
 * Streams and futures at once at most that a guest's host holds for it: what its functions say, or `stated`.
 */
export function heldEnds(
  entries: readonly PackedEntry[],
  functions: readonly PackedFunction[],
  stated: number | undefined,
): number {
  const own = Math.max(...entries.map(({ shape }) => shape.ends));
  const all = functions.reduce((sum, { func }) => sum + callEnds(func), own);
  if (stated !== undefined && all === 0)
    throw new UserError(
      "--held-ends: the guest passes no streams or futures inside of values, or with functions that it imports",
    );
  const ends = stated ?? all;
  if (ends > MOST_ENDS)
    throw new UserError(
      `the guest passes ${ends} streams and futures at once, inside of values or with functions that it imports; a board holds ${MOST_ENDS}: --held-ends says how many there really are`,
    );
  return ends;
}

/** Whether strings or lists are lowered for a guest: its parameters', or what its imports answer. */
export function allocates(world: World, { lowersPointers }: EntryShape): boolean {
  const functions = [
    ...world.imports.functions,
    ...world.imports.interfaces.flatMap((item) => item.functions),
  ];
  return lowersPointers || functions.some(({ result }) => result !== null && reachesPointer(result));
}

/** Places of `open()` for each function, where `rill build` was not told another number. */
const DEFAULT_PLACES = 4;
/** Of a call that goes on: its subtask, and a waitable set of its own, when not only waitAny waits for it. */
const CALL_HANDLES = 2;
/** The set in which calls are waited for. */
const CALLS_HANDLES = 1;
const BYTE = 0xff;
/**
 * Of an end that is held: the guest's other one, or both until the readable one is given away, and a waitable
 * set.
 */
const END_HANDLES = 3;
/** With them all handles fit into a byte. */
const MOST_ENDS = 64;

/**
 * Calls of imported async functions that go on at once at most: of each one, and as many as it has places.
 * @throws UserError for more than an image can say
 */
export function callCount(core: Uint8Array, functions: readonly PackedFunction[]): number {
  const record = readRecord(core);
  const places =
    record === null || record === "damaged" || record.opens_calls !== true
      ? 0
      : (record.call_places ?? DEFAULT_PLACES);
  const asyncCount = functions.filter(({ func }) => func.async).length;
  const calls = asyncCount * (1 + places);
  if (calls * CALL_HANDLES > BYTE / 2)
    throw new UserError(
      `the guest may have ${calls} calls of imported async functions under way at once, ${1 + places} of each; a board has places for ${Math.floor(BYTE / 2 / CALL_HANDLES)}: rill build --call-places says how many there are of open()`,
    );
  return calls;
}

/** Handles that so many calls take which go on at once. */
export function callHandles(core: Uint8Array, calls: number): number {
  if (calls === 0) return 0;
  const record = readRecord(core);
  const isKnown = record !== null && record !== "damaged";
  return CALLS_HANDLES + (isKnown && record.calls_apart !== true ? 1 : CALL_HANDLES) * calls;
}

/**
 * What the image says on top of version 1.
 * @throws UserError for more handles than it can say
 */
export function imageFunctions(
  world: World,
  entries: readonly PackedEntry[],
  descriptor: GuestDescriptor,
  {
    functions,
    streams,
    core,
    calls,
    ends,
    piped,
  }: {
    readonly functions: readonly PackedFunction[];
    /** Of each entry: the element types of its streams. */
    readonly streams: readonly (readonly number[])[];
    readonly core: Uint8Array;
  } & Pick<ImageFunctions, "calls" | "ends" | "piped">,
): ImageFunctions {
  const [first, ...further] = entries.map((entry) => imageEntry(world, entry)) as [
    ImageEntry,
    ...ImageEntry[],
  ];
  const { imports } = descriptor;
  const handles = entries.map(({ shape: { streams: own, paramCount } }) =>
    handleCount(paramCount, own.length - paramCount),
  );
  const needed = Math.max(...handles) + callHandles(core, calls) + pairHandles(core, descriptor);
  if (needed > BYTE)
    throw new UserError(
      `the guest may need ${needed} handles at once, and an image says ${BYTE} at most: rill build --ends says how many streams and futures of each type of as-rill/pairs may be open`,
    );
  return {
    ...first,
    further: further.map((entry, index) => ({ ...entry, streams: streams[1 + index]! })),
    handles: Math.min(BYTE, needed + END_HANDLES * ends),
    calls,
    ends,
    piped,
    rows: imports.map(({ builtin, module, name, signature }, index): ImageRow | null => {
      if (builtin === TASK_RETURN) return { hash: answering(entries, module, name), signature };
      const found = functions.find((one) => one.index === index);
      return found === undefined ? null : { hash: found.hash, signature };
    }),
  };
}

function imageEntry(world: World, { shape, isCallback }: PackedEntry): ImageEntry {
  const { streams, paramCount, words, isSync, answersValue } = shape;
  return {
    futures: streams.map(({ isFuture }) => isFuture),
    values: streams.map(hasValues),
    places: streams.slice(0, paramCount).map(({ place }) => place),
    ...{ words, isSync, isCallback, answersValue },
    hasArena: needsArena(world),
  };
}

/** The number of the function for which this task.return answers. */
function answering(entries: readonly PackedEntry[], module: string, name: string): number {
  const owner = module.replace(/^\[export\]/, "");
  const path = exportPath(owner, parseImportName(name).subject ?? "");
  return Math.max(
    0,
    entries.findIndex(({ entry }) => entry === path),
  );
}

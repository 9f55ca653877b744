/** From a core module to an image: choose the entry, minify, validate, say what it needs. */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { readModule } from "../wasm/read-module.js";
import { NO_TYPE, type TypeDescriptor } from "../c-host/copy-plan.js";
import { builtins, GuestDescriptor } from "../c-host/descriptor.js";
import { functionTypes } from "../wit/layout.js";
import type { FunctionType, ValueType, World } from "../wit/model.js";
import { stringEncodingOf, type StringEncoding } from "../wit/string-encoding.js";
import { exportedFunctions } from "../wit/exported-functions.js";
import { type Board, BOARDS } from "./board-table.js";
import { refuseCallback, waitsInside } from "./callback.js";
import { enginePitfall } from "./engine-pitfalls.js";
import { type EntryShape, hasValues, isFilter } from "./entry-shape.js";
import {
  allocates,
  callCount,
  heldEnds,
  imageFunctions,
  type PackedFunction,
  packedFunctions,
} from "./image-functions.js";
import {
  type ImageContent,
  type ImageNeeds,
  importLetter,
  MAX_ELEM_SIZE,
  MAX_IMPORTS,
  MAX_PIPED,
  MAX_TYPES,
  NAME_BYTES,
  writeImage,
} from "./image.js";
import { pairStreams } from "./pair-places.js";
import { type CalledFunction, liftedFunctions, minify, type Minified } from "./minify.js";
import { elementsIn } from "./held-ends.js";
import { needsOf } from "./needs.js";
import { destructors, onlyEntry, oneEntry, type PackedEntry } from "./image-entry.js";
import { exportedFunction, streamTypes } from "./signature.js";

/** What to pack, and for where. */
export interface PackInput {
  readonly core: Uint8Array;
  /** The world of the module, from its component-type section. */
  readonly world: World;
  readonly name: string;
  /** `IFACE#FUNC`; null when the module exports only one. */
  readonly call: string | null;
  /**
   * Functions that are called in the same instance, too. Then all may be of resources of the guest's own,
   * whose destructors come behind them.
   */
  readonly further?: readonly string[];
  readonly board: string | null;
  readonly address: number | null;
  /** The parameter that gets the stream of the image in front of this one. */
  readonly piped?: string | null;
  /** What the user states in place of what is worked out. */
  readonly needs?: Partial<ImageNeeds>;
  /** The same: streams and futures at once that the host holds for the guest. */
  readonly ends?: number;
}

/** An image and what is in it. */
export interface Packed {
  readonly image: Uint8Array;
  readonly minified: Minified;
  readonly entry: string;
  /** Imports and distinct element types. */
  readonly descriptor: GuestDescriptor;
  /** Those types as the image has them. */
  readonly types: readonly TypeDescriptor[];
  /** The same as WIT has them; null for none. */
  readonly elements: readonly (ValueType | null)[];
  /** Element type of each stream: the parameters first, then the result. */
  readonly streams: readonly number[];
  readonly needs: ImageNeeds;
  /** The entry's type, and how it is called. */
  readonly func: FunctionType;
  readonly shape: EntryShape;
  /** All functions that are called in one instance, the entry first. */
  readonly entries: readonly PackedEntry[];
  /** How the guest's strings are encoded. */
  readonly encoding: StringEncoding;
  /** The functions that the guest imports. */
  readonly functions: readonly PackedFunction[];
}

/** Bytes of memory at most: a module without `__heap_base` would ask a board for a whole 64 KiB page. */
export const MEMORY_LIMIT = 0xffff;
/** The most pool that an image's header can ask for, in bytes. */
export const POOL_LIMIT = 8 * 0xffff;
const STACK_LIMIT = 0xffff;
/** A frame of the interpreter's without locals. */
const LEAST_STACK = 32;
const PLAN_LIMIT = 0xff;
const SET_WAIT = builtins.indexOf("waitable-set.wait");
/** An imported function; those behind it are built-ins on tasks. */
const IMPORT_CALL = builtins.indexOf("call");

/**
 * Packs a module.
 * @param validate answers what is wrong with a module, null when it is valid
 * @throws UserError, CheckFailure when the module is invalid or cannot run on a board
 */
export async function pack(
  input: PackInput,
  validate: (module: Uint8Array) => Promise<string | null>,
): Promise<Packed> {
  const entries = entriesOf(input);
  const [{ entry, func, shape, isCallback }, ...others] = entries as [PackedEntry];
  const called = (one: PackedEntry): CalledFunction => ({ ...one, isSync: one.shape.isSync });
  const minified = await minify(input.core, entry, {
    isSync: shape.isSync,
    isCallback,
    allocates: entries.some((one) => allocates(input.world, one.shape)),
    further: others.map(called),
  });
  const fault = (await validate(minified.bytes)) ?? enginePitfall(minified.module);
  if (fault !== null) throw new CheckFailure(`${input.name}: the module is not fit for a board: ${fault}`);
  const descriptor = new GuestDescriptor(minified.named, input.world, false, true, true);
  const functions = packedFunctions(descriptor);
  const { streams: all, types, imports } = typed(descriptor, entries, functions);
  const streams = all[0]!;
  checkTypes(input.name, types);
  const ends = heldEnds(entries, functions, input.ends);
  // Of a guest that was built to go back and never waits, too: version 1 has no room for them.
  const hasTasks = descriptor.imports.some(({ builtin }) => builtin > IMPORT_CALL);
  const hasPairs = pairStreams(input.core, descriptor) > 0;
  const isPlain = isFilter(shape) && !isCallback && !hasTasks && !hasPairs && others.length === 0;
  const more =
    isPlain && functions.length === 0 && !types.includes(NO_TYPE) && (input.piped ?? null) === null
      ? null
      : imageFunctions(input.world, entries, descriptor, {
          functions,
          streams: all,
          core: input.core,
          calls: callCount(input.core, functions),
          ends,
          piped: pipedStream(input, func, { shape, entry }),
        });
  if (more !== null) checkBoard(input, entries, { functions, hasTasks, hasPairs, ends });
  const lowering = loweringImports(
    descriptor,
    functions,
    entries.map((one) => one.shape),
  );
  const lowersPointers = (_: string, letter: string): boolean =>
    lowering.some((index) => importLetter(index) === letter);
  const words = Math.max(...entries.map((one) => one.shape.words));
  const needs = needsOf(
    minified.module,
    input.needs,
    more === null ? null : { ...more, words, lowersPointers },
  );
  checkNeeds(input, needs);
  const image = writeImage({
    name: input.name,
    imports,
    types,
    streams,
    paramCount: shape.paramCount,
    module: minified.bytes,
    needs,
    board: input.board,
    address: input.address,
    functions: more,
  });
  const encoding = stringEncodingOf(input.core);
  return {
    ...{ image, minified, entry, descriptor, types, streams },
    elements: types.map((_, index) => descriptor.elements[index] ?? null),
    ...{ needs, func, shape, entries, encoding, functions },
  };
}

/** The functions that are called. @throws UserError for one that a board cannot call */
function entriesOf(input: PackInput): readonly PackedEntry[] {
  const module = readModule(input.core);
  const { world, further } = input;
  const entry = entryOf(input);
  if (further === undefined) return [onlyEntry(world, module, entry)];
  const all = [...new Set([entry, ...further, ...destructors(world, module)])];
  if (all.length > 1 + MAX_IMPORTS)
    throw new UserError(
      `${input.name}: ${all.length} functions of one instance are to be called; an image holds ${1 + MAX_IMPORTS}`,
    );
  return all.map((name) => oneEntry(world, module, name));
}

/** Built-ins that are of an element type, the first so many. */
const TYPED_BUILTINS = 7;

/** The element types of streams and of imports; NO_TYPE is one where any of them has none. */
function typed(
  descriptor: GuestDescriptor,
  entries: readonly PackedEntry[],
  functions: readonly PackedFunction[],
): Pick<Packed, "types"> & Pick<ImageContent, "imports"> & { readonly streams: readonly number[][] } {
  const named = entries.map(({ shape: { streams } }) =>
    streams.map(({ element }) => (element === null ? -1 : descriptor.typeIndex(element))),
  );
  const held = [
    ...entries.flatMap(({ shape }) => shape.held),
    ...functions.flatMap(({ func }) => functionTypes(func).flatMap(elementsIn)),
  ].map((element) => (element === null ? -1 : descriptor.typeIndex(element)));
  const isBare = ({ builtin, type }: { builtin: number; type: number }): boolean =>
    type < 0 && builtin < TYPED_BUILTINS;
  const isNeeded = [...named, held].some((types) => types.includes(-1)) || descriptor.imports.some(isBare);
  const none = descriptor.types.length;
  return {
    types: [...descriptor.types, ...(isNeeded ? [NO_TYPE] : [])],
    streams: named.map((types) => types.map((type) => (type < 0 ? none : type))),
    imports: descriptor.imports.map((one) => (isBare(one) ? { ...one, type: none } : one)),
  };
}

/** The piped parameter's place among the streams. @throws UserError for a guest that cannot be in a row */
function pipedStream(
  { name, core, piped = null }: PackInput,
  { params }: FunctionType,
  { shape, entry }: { readonly shape: EntryShape; readonly entry: string },
): number | null {
  if (piped === null) return null;
  const at = params.findIndex((param) => param.name === piped);
  if (at < 0)
    throw new UserError(
      `--piped ${piped}: ${name} has no such parameter; it has ${params.map((param) => param.name).join(", ") || "none"}`,
    );
  if (!isFilter(shape))
    throw new UserError(
      `${name} takes or answers with more than streams: images in a row have streams alone`,
    );
  if (waitsInside(readModule(core), entry))
    throw new UserError(
      `${name} waits inside of its call, and guests of a row go back to their host: build it with --wait callback`,
    );
  if (at >= MAX_PIPED)
    throw new UserError(`--piped ${piped}: one of the first ${MAX_PIPED} parameters of ${name} can be`);
  return at;
}

/** What of a module goes into an image: the function that is called, what it reaches, its streams. */
export interface Chosen {
  readonly entry: string;
  readonly minified: Minified;
  readonly elements: readonly ValueType[];
  readonly paramCount: number;
}

/** Chooses. @throws UserError for a function that a board does not start */
export async function choose(input: PackInput): Promise<Chosen> {
  const entry = entryOf(input);
  refuseCallback(readModule(input.core), entry, input.name);
  const func = exportedFunction(input.world, entry);
  if (!func.async)
    throw new UserError(`${input.name} exports no async function, so a board has nothing to start`);
  const signature = streamTypes(func);
  return { entry, minified: await minify(input.core, entry), ...signature };
}

/** Imports and types of what was chosen. @throws UserError for those that an image does not hold */
export function describe(
  { name, world }: Pick<PackInput, "name" | "world">,
  { entry, minified, elements, paramCount }: Chosen,
): Pick<Packed, "entry" | "descriptor" | "streams"> & { readonly paramCount: number } {
  const descriptor = new GuestDescriptor(minified.named, world);
  const streams = elements.map((element) => descriptor.typeIndex(element));
  checkTypes(name, descriptor.types);
  return { entry, descriptor, streams, paramCount };
}

/**
 * Imports during which the guest's allocator may run: an async function's answer comes while the guest
 * waits, and so does an item with strings or lists.
 */
function loweringImports(
  { imports }: GuestDescriptor,
  functions: readonly PackedFunction[],
  shapes: readonly EntryShape[],
): number[] {
  const lowering = functions.filter((one) => one.lowersPointers);
  const isFed = ({ streams, paramCount }: EntryShape): boolean =>
    streams.slice(0, paramCount).some(hasValues);
  const isWaitedFor =
    lowering.some(({ func }) => func.async) ||
    functions.some(({ feedsPointers }) => feedsPointers) ||
    shapes.some((shape) => shape.holdsPointers || isFed(shape));
  const waits = isWaitedFor
    ? imports.flatMap(({ builtin, async: isAsync }, index) =>
        builtin === SET_WAIT || (builtin < SET_WAIT && !isAsync) ? [index] : [],
      )
    : [];
  return [...lowering.map(({ index }) => index), ...waits];
}

/** @throws UserError when the board's firmware takes nothing but filters */
function checkBoard(
  { name, board }: PackInput,
  entries: readonly PackedEntry[],
  {
    functions,
    hasTasks,
    hasPairs,
    ends,
  }: {
    readonly functions: readonly PackedFunction[];
    readonly hasTasks: boolean;
    readonly hasPairs: boolean;
    readonly ends: number;
  },
): void {
  const [{ entry, shape, isCallback }, ...others] = entries as [PackedEntry];
  const found = BOARDS.find((known) => known.name === board);
  if (found?.lowersInCalls === true) refuseWaiting(name, found, entries, functions);
  if (found === undefined || found.functions === true) return;
  const takers = BOARDS.filter((known) => known.functions === true).map((known) => known.name);
  const odd = shape.streams.find((stream) => stream.element === null || hasValues(stream));
  const what =
    others.length > 0
      ? `is to be called more than once`
      : isCallback
        ? "waits by returning to its host (rill build --wait wait has it wait inside the call)"
        : hasTasks
          ? "was built to go back to its host while it waits (rill build --wait wait has it wait inside the call)"
          : functions.length > 0
            ? `imports ${functions.map(({ id }) => id).join(" and ")}`
            : hasPairs
              ? "has streams or futures both of whose ends are its own"
              : odd !== undefined
                ? `has items ${odd.element === null ? "without type" : "with strings or lists"} in streams of ${entry}`
                : `has more than streams as ${shape.words > shape.paramCount ? "parameters" : "result"} of ${entry}`;
  // As C a guest makes one call, its items go over the serial line as they are, and nobody holds ends for it.
  const asC = others.length === 0 && odd === undefined && ends === 0;
  throw new UserError(
    `${name} ${what}, and the firmware of ${board}, which has ${(found.flash.length / 1024).toFixed(0)} KiB of flash, runs only functions from streams to a ` +
      `stream that import nothing${asC ? " (rill flash --native has no interpreter in it, and room for more)" : ""}; ${takers.slice(0, -1).join(", ")} and ${takers.at(-1)!} run it`,
  );
}

/** @throws UserError for items that are lowered above a guest where there is no stack for its allocator */
function refuseWaiting(
  name: string,
  { name: board, stack }: Board,
  entries: readonly PackedEntry[],
  functions: readonly PackedFunction[],
): void {
  const isFed = functions.some(({ feedsPointers }) => feedsPointers);
  const found = entries.find(
    ({ shape: { streams, paramCount, holdsPointers, isSync }, isCallback }) =>
      !isCallback && !isSync && (isFed || holdsPointers || streams.slice(0, paramCount).some(hasValues)),
  );
  if (found === undefined) return;
  const takers = BOARDS.filter((known) => known.functions === true && known.lowersInCalls !== true);
  throw new UserError(
    `${name}: ${found.entry} waits inside of its function for items with strings or lists, and the ${stack} bytes of native stack of ${board} have no room ` +
      `for the guest's allocator there: build it with --wait callback, or take ${takers.map((known) => known.name).join(" or ")}`,
  );
}

function entryOf({ core, call, name, world }: PackInput): string {
  const module = readModule(core);
  const lifted = liftedFunctions(module);
  const sync = [...exportedFunctions(world)].flatMap(([path, func]) =>
    !func.async && module.exports.some((item) => item.kind === "func" && item.name === path) ? path : [],
  );
  if (Buffer.byteLength(name, "latin1") > NAME_BYTES || !/^[\x21-\x7e]+$/.test(name)) {
    throw new UserError(
      `"${name}" cannot name an image; give it another with --name: at most ${NAME_BYTES} printable ASCII characters, without blanks`,
    );
  }
  if (call !== null) {
    const all = [...lifted, ...sync];
    if (all.includes(call)) return call;
    throw new UserError(`${name} exports no function ${call}; it has: ${all.join(", ") || "none"}`);
  }
  const [only, ...others] = lifted.length > 0 ? lifted : sync;
  if (only !== undefined && others.length === 0) return only;
  throw new UserError(
    only === undefined
      ? `${name} exports no function, so a board has nothing to start`
      : `${name} exports ${[...lifted, ...sync].join(", ")}: choose one with --call`,
  );
}

function checkTypes(name: string, types: readonly TypeDescriptor[]): void {
  const words = types.reduce((sum, { plan }) => sum + plan.length, 0);
  if (
    types.length <= MAX_TYPES &&
    words <= PLAN_LIMIT &&
    types.every(({ elemSize }) => elemSize <= MAX_ELEM_SIZE)
  )
    return;
  throw new UserError(
    `${name} has ${types.length} element types, the largest of ` +
      `${Math.max(...types.map(({ elemSize }) => elemSize))} bytes, with copy plans of ${words} words; ` +
      `an image holds ${MAX_TYPES} types of at most ${MAX_ELEM_SIZE} bytes and ${PLAN_LIMIT} words`,
  );
}

function checkNeeds({ name, board }: PackInput, { memory, pool, stack }: ImageNeeds): void {
  if (memory > MEMORY_LIMIT) {
    throw new CheckFailure(
      `${name}: the guest asks for ${memory} bytes of linear memory; build it with rill build, ` +
        "which exports __heap_base and __data_end so that only what is used is allocated",
    );
  }
  if (stack < LEAST_STACK) {
    throw new UserError(
      `${name}: a stack of ${stack} bytes cannot hold a frame (at least ${LEAST_STACK}); for 0 the interpreter would take kilobytes`,
    );
  }
  const on = BOARDS.find((known) => known.name === board);
  if (on !== undefined && pool > on.ram.length - on.stack) {
    throw new CheckFailure(
      `${name}: the guest needs ${pool} bytes of pool (its module, ${memory} of linear memory, ${stack} of operand stack), ` +
        `and ${board} has ${on.ram.length - on.stack} of RAM beside its native stack`,
    );
  }
  if (pool > POOL_LIMIT || stack > STACK_LIMIT) {
    throw new CheckFailure(
      `${name}: the guest needs ${pool} bytes of pool and ${stack} of stack: no board here has that`,
    );
  }
}

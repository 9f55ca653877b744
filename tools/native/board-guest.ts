/** Ties a translated guest to the firmware without an interpreter: firmware/native/native_guest.h. */
import { UserError } from "../errors/user-error.js";
import { GuestDescriptor } from "../c-host/descriptor.js";
import { isCalledBack, refuseCallback } from "../pack/callback.js";
import { pairHandles, pairStreams } from "../pack/pair-places.js";
import { type EntryShape, entryShape, handleCount, isFilter } from "../pack/entry-shape.js";
import {
  allocates,
  callCount,
  callHandles,
  type PackedFunction,
  packedFunctions,
  refuseEnds,
} from "../pack/image-functions.js";
import { minify } from "../pack/minify.js";
import { exportedFunction } from "../pack/signature.js";
import { readModule } from "../wasm/read-module.js";
import { liftName } from "../wit/canonical-names.js";
import { elemSize, functionTypes, holdsHandle, isPointerFree } from "../wit/layout.js";
import type { EmulatedBoard } from "../pack/board-table.js";
import type { FunctionType, ValueType, World } from "../wit/model.js";
import { type StringEncoding, stringEncodingOf } from "../wit/string-encoding.js";
import { askingGlue, serveHeader, serveName } from "./asking-glue.js";
import { exportNames } from "./export-names.js";
import { type Features, FEATURES, featuresOf, translateCore } from "./guest-of-core.js";

/** A guest for a board. */
export interface BoardGuest {
  /** Files of C, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** Its code, of these. */
  readonly source: string;
  /** Streams that it is fed. */
  readonly paramCount: number;
  /** Streams and futures within it that may be open at once. */
  readonly ownStreams: number;
  /** Whether it may be compiled with RILL_PLAIN_VALUES. */
  readonly isPlain: boolean;
  /** What its tables are called: `native_guest`, or with a number behind it. */
  readonly symbol: string;
  /** Of a guest that asks the computer for more than its streams' items: what that must know; else null. */
  readonly asking: AskingGuest | null;
}

/** What the computer must know of a guest to give it arguments, take its result and answer its calls. */
export interface Asking {
  readonly func: FunctionType;
  readonly shape: EntryShape;
  /** How its strings are encoded. */
  readonly encoding: StringEncoding;
  /** The functions that it imports. */
  readonly functions: readonly PackedFunction[];
  /** Its element types, as the board numbers them; null for none. */
  readonly elements: readonly (ValueType | null)[];
  /** Bytes of its linear memory. */
  readonly needs: { readonly memory: number };
}

/** A guest that is compiled into a firmware, and asks. */
export interface AskingGuest extends Asking {
  /** Switches of the host that it needs. */
  readonly features: Features;
  /** Calls of its imports go on while it does something else, and it may ask for the time. */
  readonly goesOn: boolean;
  readonly hasFutures: boolean;
}

/** Bytes of an item at most: FEED_ITEM_MAX of firmware/feed.h, HOST_OUTPUT of firmware/host.h. */
const ITEM_MAX = 32;

/**
 * The guest whose function `call` (`IFACE#FUNC`) a board runs.
 * @param place among guests of one firmware; it runs the one at 0
 * @throws UserError for what a board does not serve, or what is not translated
 */
export async function boardGuest(
  source: string,
  core: Uint8Array,
  world: World,
  call: string,
  board: EmulatedBoard,
  place = 0,
): Promise<BoardGuest> {
  const func = exportedFunction(world, call);
  const shape = entryShape(func);
  if (functionTypes(func).some(holdsOther))
    throw new UserError(
      `${call} passes resources, or streams inside of values: a firmware without an interpreter has none; rill flash without --native runs it`,
    );
  const elements = shape.streams.map(({ element }) => fedElement(element, call));
  const entry = liftName(call, func.async);
  if (!readModule(core).exports.some(({ name }) => name === entry))
    throw new UserError(`${source} exports no function ${call}, so a board has nothing to start`);
  const input = { source, core, world, call, entry, func, shape, elements, names: namesOf(place) };
  if (asksForMore(core, world, shape)) return asking(input, board);
  refuseCallback(readModule(core), call, source);
  return filter(input, board);
}

/** Whether handles are in it beside one of a stream or future of its own. */
function holdsOther(type: ValueType): boolean {
  if (type.kind !== "stream" && type.kind !== "future") return holdsHandle(type);
  return type.element !== null && holdsHandle(type.element);
}

/** Whether a guest asks the computer for more than its streams' items: for values, or functions. */
function asksForMore(core: Uint8Array, world: World, shape: EntryShape): boolean {
  return !isFilter(shape) || packedFunctions(new GuestDescriptor(core, world, true, true)).length > 0;
}

/** Whether the function `call` is called back, and asks for nothing: boardRow takes it, not boardGuest. */
export function isRowOfOne(core: Uint8Array, world: World, call: string): boolean {
  return (
    isCalledBack(readModule(core), call) &&
    !asksForMore(core, world, entryShape(exportedFunction(world, call)))
  );
}

/** Names of one guest of a firmware. */
interface Names {
  /** The guest's own, a C identifier. */
  readonly guest: string;
  /** What stands behind names of its tables. */
  readonly suffix: string;
}

function namesOf(place: number): Names {
  return place === 0 ? { guest: "guest", suffix: "" } : { guest: `guest${place}`, suffix: `_${place}` };
}

/** A function from streams to a stream, of a guest that imports nothing. */
function filter(
  { source, core, world, entry, shape, elements, names }: GuestInput,
  board: EmulatedBoard,
): BoardGuest {
  const { paramCount } = shape;
  const descriptor = new GuestDescriptor(core, world);
  const types = elements.map((element) => descriptor.typeIndex(element));
  const files = translateCore({ source, core, world, name: names.guest, descriptor }, []);
  if (files.usesDoubles) refuseDoubles(source, board);
  const args = Array.from({ length: paramCount }, (_, index) => `arguments[${index}]`);
  const run = `    uint32_t code = 0;

    return ${functionName(core, entry, names)}(${["&instance", ...args, "&code"].join(", ")});`;
  return {
    texts: textsOf(
      names,
      files,
      glue({ run, types, paramCount, handles: pairHandles(core, descriptor), source, names }),
    ),
    ...{ source: files.source, paramCount, isPlain: files.isPlain, symbol: symbolOf(names), asking: null },
    ownStreams: pairStreams(core, descriptor),
  };
}

/** The files of a guest. */
function textsOf(
  { guest }: Names,
  { header, source }: { readonly header: string; readonly source: string },
  glued: string,
): Record<string, string> {
  return { [`${guest}.h`]: header, [`${guest}.c`]: source, [`board_${guest}.c`]: glued };
}

function symbolOf({ suffix }: Names): string {
  return `native_guest${suffix}`;
}

interface GuestInput {
  readonly source: string;
  readonly core: Uint8Array;
  readonly world: World;
  readonly call: string;
  readonly entry: string;
  readonly func: FunctionType;
  readonly shape: EntryShape;
  /** Of its streams. */
  readonly elements: readonly ValueType[];
  readonly names: Names;
}

/** Any other guest: what its function does not reach is left out, and so is not asked for. */
async function asking(
  { source, core, world, call, entry, func, shape, elements, names }: GuestInput,
  board: EmulatedBoard,
): Promise<BoardGuest> {
  const { isSync, paramCount } = shape;
  const lowers = allocates(world, shape);
  const isCallback = isCalledBack(readModule(core), call);
  const { named } = await minify(core, call, { isSync, isCallback, allocates: lowers });
  const descriptor = new GuestDescriptor(named, world, false, true);
  const types = elements.map((element) => descriptor.typeIndex(element));
  const functions = packedFunctions(descriptor);
  refuseEnds("the guest", functions, "a firmware without an interpreter");
  const encoding = stringEncodingOf(core);
  const goesOn = board.hasClock === true && functions.some(needsClock);
  const calls = goesOn ? callCount(core, functions) : 0;
  const wanted = { LISTS: lowers, CALLS: goesOn, TASKS: isCallback };
  const needed = featuresOf(descriptor);
  const features = FEATURES.filter((one) => wanted[one] || (one !== "CALLS" && needed.includes(one)));
  const files = translateCore(
    { source, core: named, world, name: names.guest, descriptor, encoding },
    features,
    {
      serve: serveName,
      includes: [`${names.guest}_serve.h`],
    },
  );
  if (files.usesDoubles) refuseDoubles(source, board);
  const module = readModule(named);
  const { more, includes } = askingGlue({
    ...{ module, world, call, entry, func, shape, isCallback, calls, functions, suffix: names.suffix },
    cName: (name) => functionName(named, name, names),
  });
  const glued = glue({
    run: null,
    types,
    paramCount,
    handles: callHandles(core, calls) + pairHandles(core, descriptor),
    source,
    names,
    includes,
    hasTypes: descriptor.types.length > 0,
  });
  return {
    texts: {
      ...textsOf(names, files, `${glued}${more}`),
      [`${names.guest}_serve.h`]: serveHeader(functions, descriptor, () => goesOn),
    },
    ...{ source: files.source, paramCount, isPlain: files.isPlain && !lowers, symbol: symbolOf(names) },
    ownStreams: pairStreams(core, descriptor),
    asking: {
      ...{ func, shape, encoding, functions, features, goesOn },
      elements: [],
      needs: { memory: files.memoryBytes },
      hasFutures:
        descriptor.imports.some(({ future }) => future) || shape.streams.some((one) => one.isFuture),
    },
  };
}

/** Interfaces whose functions the firmware has where it has a clock: firmware/functions.c. */
const CLOCK = "wasi:clocks/monotonic-clock@0.3.0";

/** Whether a function takes time, or tells it. */
function needsClock(wanted: PackedFunction): boolean {
  return wanted.func.async || isOfClock(wanted);
}

/** Whether the firmware of a board with a clock has the function. */
export function isOfClock({ id }: PackedFunction): boolean {
  return id.startsWith(`${CLOCK}#`);
}

/** The C function of an export. */
function functionName(core: Uint8Array, name: string, { guest }: Names): string {
  const functions = readModule(core)
    .exports.filter(({ kind }) => kind === "func")
    .map((one) => one.name);
  return `${guest}_${exportNames(functions)[functions.indexOf(name)]!}`;
}

/** The element type of a stream of `call`. @throws UserError for items that such a firmware does not feed */
function fedElement(element: ValueType | null, call: string): ValueType {
  if (element === null || !isPointerFree(element))
    throw new UserError(
      `${call} has items ${element === null ? "without type" : "with strings or lists"}: a firmware without an interpreter feeds and reads only ` +
        "plain items; leave --native out, or rill bindgen --host c for a firmware of your own",
    );
  refuseLong(element, call);
  return element;
}

/** @throws UserError for items that the serial line does not carry */
export function refuseLong(type: ValueType, call: string): void {
  if (elemSize(type) > ITEM_MAX)
    throw new UserError(
      `${call} has items of ${elemSize(type)} bytes; the serial line carries ${ITEM_MAX} at most`,
    );
}

/** Of a guest that computes with f64. @throws UserError where the board's compiler has no such type */
export function refuseDoubles(source: string, { cpu, name }: EmulatedBoard): void {
  if (cpu === "atmega328p")
    throw new UserError(
      `${source} computes with f64, which the compiler for ${name} does not have: take f32, or another board`,
    );
}

/** What a firmware calls the guest of this path. */
export function boardName(source: string): string {
  return source
    .replace(/^.*[\\/]/, "")
    .replace(/(?:\.core)?\.wasm$/, "")
    .replace(/[^\w.-]/g, "_");
}

interface GlueParts {
  /** Statements of the function that calls the guest's; null where `native_more` says how to call it. */
  readonly run: string | null;
  /** Of each stream: its place in the guest's table. */
  readonly types: readonly number[];
  readonly paramCount: number;
  /** Handles beside those of its streams. */
  readonly handles?: number;
  readonly source: string;
  readonly names: Names;
  /** More headers. */
  readonly includes?: readonly string[];
  /** Whether the guest has such a table. */
  readonly hasTypes?: boolean;
}

function glue({
  run,
  types,
  paramCount,
  source,
  names,
  includes = [],
  hasTypes = true,
  ...more
}: GlueParts): string {
  const { guest, suffix } = names;
  const handles = handleCount(paramCount, types.length - paramCount) + (more.handles ?? 0);
  return `#include "${guest}.h"
${["native/native_guest.h", ...includes].map((header) => `#include "${header}"`).join("\n")}

static struct ${guest}_guest instance;
static struct rill_end ends[${Math.max(1, handles)}];
static const uint8_t streams[] = {${types.join(", ") || "0"}};

static bool init(void)
{
    return ${guest}_init(&instance);
}

${run === null ? "" : `static bool run(const uint32_t *arguments)\n{\n${run}\n}\n\n`}static const char name[] RILL_IN_FLASH = "${boardName(source)}";
${suffix === "" ? "" : `extern const struct native_guest native_guest${suffix};\n`}const struct native_guest native_guest${suffix} = {
    name, ${hasTypes ? `${guest}_types` : "NULL"}, streams, &instance.base, ends, ${handles}, ${paramCount}, ${types.length}, init, ${run === null ? "NULL" : "run"},
};
`;
}

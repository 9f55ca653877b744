/**
 * Ties translated guests to the firmware without an interpreter that go back to it when they wait: one, or
 * several in a row, each one's stream goes into the next (firmware/row.h).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GuestDescriptor } from "../c-host/descriptor.js";
import { firmwareRoot } from "../c-sources/c-sources.js";
import { UserError } from "../errors/user-error.js";
import type { EmulatedBoard } from "../pack/board-table.js";
import { entryShape, handleCount } from "../pack/entry-shape.js";
import {
  allocates,
  callCount,
  callHandles,
  type PackedFunction,
  packedFunctions,
  refuseEnds,
} from "../pack/image-functions.js";
import { minify } from "../pack/minify.js";
import { pairHandles, pairStreams } from "../pack/pair-places.js";
import { exportedFunction, streamTypes } from "../pack/signature.js";
import { readModule } from "../wasm/read-module.js";
import { needsArena } from "../wit/arena-use.js";
import { callbackName, liftName } from "../wit/canonical-names.js";
import { elemSize, isPointerFree } from "../wit/layout.js";
import type { ValueType, World } from "../wit/model.js";
import { type StringEncoding, stringEncodingOf } from "../wit/string-encoding.js";
import { serveHeader, serveName } from "./asking-glue.js";
import { type Asking, boardName, isOfClock, refuseDoubles, refuseLong } from "./board-guest.js";
import { exportNames } from "./export-names.js";
import type { GuestFiles } from "./guest-files.js";
import { FEATURES, type Features, featuresOf, translateCore } from "./guest-of-core.js";

/** One guest of a row. */
export interface RowGuest {
  /** What errors call it. */
  readonly source: string;
  readonly core: Uint8Array;
  readonly world: World;
  /** `IFACE#FUNC`. */
  readonly call: string;
  /** The parameter that gets the stream of the guest before; null of the first. */
  readonly piped: number | null;
}

/** A row for a board. */
export interface BoardRow {
  /** Files of C, by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly guestCount: number;
  /** Streams and futures within the first guest that may be open at once. */
  readonly ownStreams: number;
  /** Whether all may be compiled with RILL_PLAIN_VALUES. */
  readonly isPlain: boolean;
  /** Switches of the host that the guests need. */
  readonly features: Features;
  /** Whether guests wait for the firmware's clock. */
  readonly goesOn: boolean;
  /** What the computer answers for; null of a row that imports nothing. */
  readonly asking: Asking | null;
  /** Which guest imports a function, by its hash. */
  readonly importers: ReadonlyMap<number, string>;
}

/** A guest of a row that may ask the computer. */
export interface AskingPart {
  readonly source: string;
  readonly encoding: StringEncoding;
  readonly functions: readonly PackedFunction[];
  /** Bytes of its linear memory. */
  readonly memory: number;
}

/** What the computer answers for. @throws UserError when two guests that ask spell strings differently */
export function rowAsking(
  all: readonly AskingPart[],
  { world, call }: RowGuest,
): Pick<BoardRow, "asking" | "importers"> {
  const parts = all.filter(({ functions }) => functions.length > 0);
  const importers = new Map(
    parts.flatMap(({ functions, source }) => functions.map(({ hash }) => [hash, source] as const)),
  );
  const [first] = parts;
  if (first === undefined) return { asking: null, importers };
  const { encoding } = first;
  const other = parts.find((part) => part.encoding !== encoding);
  if (other !== undefined)
    throw new UserError(
      `--then: strings of ${first.source} are ${encoding}, of ${other.source} ${other.encoding}; guests of a row on a board that import functions have one encoding`,
    );
  const func = exportedFunction(world, call);
  const asking = {
    func,
    // Its streams go over the serial line as they are.
    shape: { ...entryShape(func), streams: [], paramCount: 0 },
    encoding,
    elements: [],
    functions: parts.flatMap(({ functions }) => functions),
    needs: { memory: Math.max(...parts.map(({ memory }) => memory)) },
  };
  return { asking, importers };
}

/**
 * The guests of a row, as a board runs them.
 * @throws UserError for what a board does not serve, or what is not translated
 */
export async function boardRow(guests: readonly RowGuest[], board: EmulatedBoard): Promise<BoardRow> {
  const parts: RowPart[] = [];
  for (const [index, guest] of guests.entries()) {
    const place = { index, isLast: index === guests.length - 1, hasClock: board.hasClock === true };
    parts.push(new RowPart(await prunedGuest(guest), place));
  }
  const inputs = parts.flatMap((part) => part.inputs);
  refuseInputs(inputs.length, board);
  for (const [index, { files }] of parts.entries())
    if (files.usesDoubles) refuseDoubles(guests[index]!.source, board);
  const told = rowAsking(parts, guests.at(-1)!);
  const texts: Record<string, string> = {
    "board_guest.c": glue(parts, inputs, {
      name: guests.map(({ source }) => boardName(source)).join("+"),
      asks: told.asking !== null,
      hasArena: guests.some(({ world }) => needsArena(world)),
    }),
  };
  for (const { name, files, serve } of parts) {
    texts[`${name}.h`] = files.header;
    texts[`${name}.c`] = files.source;
    if (serve !== null) texts[serveFile(name)] = serve;
  }
  const features = FEATURES.filter((one) => parts.some((part) => part.features.includes(one)));
  return {
    ...{ texts, guestCount: guests.length, ownStreams: parts[0]!.ownStreams, features, ...told },
    goesOn: parts.some(({ calls }) => calls > 0),
    isPlain: parts.every(({ files }) => files.isPlain) && !features.includes("LISTS"),
  };
}

/** A guest of a row, and what of it there is to translate. */
interface PrunedGuest extends RowGuest {
  /** The core module with what its function reaches alone, where the rest could ask for more. */
  readonly named: Uint8Array;
  /** Strings or lists are lowered for it. */
  readonly lowers: boolean;
}

async function prunedGuest(guest: RowGuest): Promise<PrunedGuest> {
  const { core, world, call } = guest;
  const lowers = allocates(world, entryShape(exportedFunction(world, call)));
  const descriptor = new GuestDescriptor(core, world, true, true);
  const isPlain = packedFunctions(descriptor).length === 0 && !featuresOf(descriptor).includes("LISTS");
  if (isPlain) return { ...guest, named: core, lowers };
  const { named } = await minify(core, call, { isCallback: true, allocates: lowers });
  return { ...guest, named, lowers };
}

/** The header with what serves the imports of the guest called `name`. */
function serveFile(name: string): string {
  return `${name}_serve.h`;
}

/** @throws UserError for more streams from outside than the board's firmware has rings for */
export function refuseInputs(count: number, { name }: EmulatedBoard): void {
  const limit = (file: string): string | undefined =>
    /^#define FEED_MAX (\d+)u/m.exec(readFileSync(join(firmwareRoot, file), "utf8"))?.[1];
  const most = Number(limit(`${name}/board_limits.h`) ?? limit("feed.h"));
  if (count > most)
    throw new UserError(
      `${name} feeds ${most} stream${most === 1 ? "" : "s"} at most, and here are ${count} that come from outside`,
    );
}

/** A stream that comes from outside. */
interface RowInput {
  readonly guest: number;
  readonly param: number;
  readonly type: string;
}

/** Where a guest stands. */
interface RowPlace {
  readonly index: number;
  readonly isLast: boolean;
  /** The board has a clock. */
  readonly hasClock: boolean;
}

/**
 * Bytes through which strings and lists go from guest to guest, beside the item itself: what an arena has, if
 * `rill build --arena` was not told otherwise.
 */
const SPACE_BYTES = 512;

/** One guest, translated. */
class RowPart implements AskingPart {
  readonly index: number;
  readonly source: string;
  readonly encoding: StringEncoding;
  readonly functions: readonly PackedFunction[];
  readonly features: Features;
  /** Calls of the clock that go on at once at most. */
  readonly calls: number;
  /** The header with what serves its imports; null without. */
  readonly serve: string | null;
  /** Bytes of the space of its piped stream; 0 where items go from memory to memory. */
  readonly space: number;
  private readonly handlesOfCalls: number;
  readonly name: string;
  readonly files: GuestFiles;
  readonly inputs: readonly RowInput[];
  readonly piped: number | null;
  readonly paramCount: number;
  /** The C functions that call it, and call it back. */
  readonly entry: string;
  readonly callback: string;
  /** The rows of its table of types. */
  readonly types: readonly string[];
  readonly hasResult: boolean;
  /** Streams and futures within the guest that may be open at once, and their handles. */
  readonly ownStreams: number;
  readonly ownHandles: number;

  constructor(
    { source, core, named, world, call, piped, lowers }: PrunedGuest,
    { index, isLast, hasClock }: RowPlace,
  ) {
    this.index = index;
    this.source = source;
    this.name = `guest${index}`;
    this.piped = piped;
    const isInner = (at: number, count: number): boolean => at === piped || (at === count && !isLast);
    const { elements, paramCount } = streamTypes(exportedFunction(world, call), isInner);
    this.paramCount = paramCount;
    this.hasResult = elements.length > paramCount;
    this.space = piped === null ? 0 : spaceOf(elements[piped]!);
    const descriptor = new GuestDescriptor(named, world, true, true);
    this.ownStreams = pairStreams(named, descriptor);
    this.ownHandles = pairHandles(named, descriptor);
    this.functions = packedFunctions(descriptor);
    refuseEnds(source, this.functions, "a firmware without an interpreter");
    this.encoding = stringEncodingOf(core);
    const timed = hasClock ? this.functions.filter(isOfClock) : [];
    this.calls = callCount(core, timed);
    this.handlesOfCalls = callHandles(core, this.calls);
    const needed = featuresOf(descriptor);
    const wanted = {
      LISTS: lowers || needed.includes("LISTS"),
      CALLS: this.calls > 0,
      TASKS: true,
    };
    this.features = FEATURES.filter((feature) => wanted[feature]);
    this.serve =
      this.functions.length === 0
        ? null
        : serveHeader(this.functions, descriptor, (one) => this.calls > 0 && timed.includes(one));
    this.types = elements.map((type) => `${this.name}_types[${descriptor.typeIndex(type)}]`);
    this.inputs = Array.from({ length: paramCount }, (_, param) => ({
      guest: index,
      param,
      type: this.types[param]!,
    })).filter(({ param }) => param !== piped);
    for (const [at, type] of elements.entries())
      if (at !== piped && (at < paramCount || isLast)) refuseLong(type, call);
    const { name, encoding } = this;
    this.files = translateCore(
      { source, core: named, world, name, descriptor, encoding },
      this.features,
      this.serve === null ? {} : { serve: serveName, includes: [serveFile(name)] },
    );
    const functions = readModule(named)
      .exports.filter(({ kind }) => kind === "func")
      .map((one) => one.name);
    const cNames = exportNames(functions);
    const find = (wanted: string): string => {
      const at = functions.indexOf(wanted);
      if (at < 0)
        throw new UserError(`${source} exports no async function ${call}, so a board has nothing to start`);
      return `${this.name}_${cNames[at]!}`;
    };
    this.entry = find(liftName(call, true));
    this.callback = find(callbackName(call));
  }

  /** Places for handles: as boardGuest counts them. */
  get handles(): number {
    return handleCount(this.paramCount, this.hasResult ? 1 : 0) + this.handlesOfCalls + this.ownHandles;
  }

  /** Places for streams: of a guest behind the first, which has those of the firmware. */
  get streamCount(): number {
    return Math.max(1, this.paramCount + (this.hasResult ? 1 : 0) + this.ownStreams);
  }

  /** Bytes of its linear memory. */
  get memory(): number {
    return this.files.memoryBytes;
  }
}

/** Of items that hold strings or lists. */
function spaceOf(type: ValueType): number {
  return isPointerFree(type) ? 0 : SPACE_BYTES + Math.ceil(elemSize(type) / 8) * 8;
}

/** What the whole row is. */
interface RowFacts {
  /** What the serial line calls it. */
  readonly name: string;
  /** Guests import functions. */
  readonly asks: boolean;
  readonly hasArena: boolean;
}

/** Ties the row. */
function glue(parts: readonly RowPart[], inputs: readonly RowInput[], facts: RowFacts): string {
  const { name, asks } = facts;
  const last = parts.at(-1)!;
  // Streams from outside that are for a later guest go through the first one's table.
  const passing = inputs.filter(({ guest }) => guest !== 0).length;
  const streams = inputs.length + (last.hasResult ? 1 : 0);
  const hasLists = parts.some(({ features }) => features.includes("LISTS"));
  const calls = parts.reduce((sum, part) => sum + part.calls, 0);
  return `${parts.map((part) => `#include "${part.name}.h"`).join("\n")}
#include "row.h"
${calls > 0 ? '#include "calls.h"\n' : ""}
${parts.map((part) => partText(part, part.index === 0 ? passing : 0)).join("\n")}
static const struct row_guest guests[] = {
${parts.map((part) => rowText(part, hasLists)).join("\n")}
};
static const struct row_input inputs[] = {
${inputs.map(({ guest, param, type }) => `    {&${type}, ${guest}, ${param}},`).join("\n") || "    {NULL, 0, 0},"}
};
static struct rill_type types[${Math.max(1, streams)}];
static const uint8_t streams[] = {${Array.from({ length: Math.max(1, streams) }, (_, at) => at).join(", ")}};

const struct row row = {guests, inputs, types, ${parts.length}, ${inputs.length}};

const struct native_guest native_guest = {
    "${name}", types, streams, &instance0.base, ends0, ${parts[0]!.handles + passing}, ${inputs.length}, ${streams}, row_init, ${asks ? "NULL" : "row_run"},
};
${asks ? moreText(parts, inputs.length, calls, facts) : ""}`;
}

/** `native_more` of firmware/native/native_guest.h: the row is entered as one guest. */
function moreText(parts: readonly RowPart[], inputs: number, calls: number, { hasArena }: RowFacts): string {
  const hashes = [...new Set(parts.flatMap(({ functions }) => functions.map(({ hash }) => hash)))];
  return `
static bool enter(uint32_t *words)
{
    return row_run(words);
}

static uint32_t words[${Math.max(1, inputs)}];
static const uint8_t places[] = {${Array.from({ length: Math.max(1, inputs) }, (_, at) => at).join(", ")}};
static const uint32_t imports[] = {${hashes.map((hash) => `${hash}u`).join(", ")}};
${calls > 0 ? `static struct call_place calls[${calls}];\n` : ""}
const struct native_more native_more = {
    enter, NULL, NULL, words, places, imports, ${calls > 0 ? "calls" : "NULL"}, 0, {${hasArena ? "RILL_ENTRY_ARENA" : 0}, ${inputs}, ${calls}}, ${hashes.length}, 0,
};
`;
}

function partText(
  { name, index, paramCount, handles, streamCount, entry, callback, space }: RowPart,
  passing: number,
): string {
  const args = Array.from({ length: paramCount }, (_, param) => `arguments${index}[${param}]`);
  const own = index === 0 ? [] : [`static struct rill_stream streams${index}[${streamCount}];`];
  return `static struct ${name}_guest instance${index};
static struct rill_end ends${index}[${handles + passing}];
${own.join("\n")}
static struct rill_tasks tasks${index};
static struct rill_task task${index};
static uint32_t arguments${index}[${Math.max(1, paramCount)}];
${spaceText(space, index)}
static bool init${index}(const struct row_guest *guest)
{
    (void)guest;
    return ${name}_init(&instance${index});
}

static bool enter${index}(const struct row_guest *guest, uint32_t *code)
{
    (void)guest;
    return ${entry}(${[`&instance${index}`, ...args, "code"].join(", ")});
}

static bool callback${index}(const struct row_guest *guest, const uint32_t event[3], uint32_t *code)
{
    (void)guest;
    return ${callback}(&instance${index}, event[0], event[1], event[2], code);
}
`;
}

function spaceText(bytes: number, index: number): string {
  if (bytes === 0) return "";
  return `static uint64_t room${index}[${bytes / 8}];
static struct rill_space space${index} = {(uint8_t *)room${index}, sizeof room${index}, 0u, RILL_UTF8};
`;
}

function rowText(
  { index, piped, types, hasResult, handles, streamCount, space }: RowPart,
  hasLists: boolean,
): string {
  const streams = index === 0 ? "NULL" : `streams${index}`;
  const count = index === 0 ? 0 : streamCount;
  const result = hasResult ? `&${types.at(-1)!}` : "NULL";
  return `    {&instance${index}.base, ends${index}, ${streams}, &tasks${index}, &task${index}, arguments${index}, ${result},
     ${piped === null ? "NULL" : `&${types[piped]!}`}, ${handles}, ${count}, ${piped ?? 0}, init${index}, enter${index}, callback${index},${hasLists ? ` ${space === 0 ? "NULL" : `&space${index}`},` : ""}},`;
}

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
import { handleCount } from "../pack/entry-shape.js";
import { pairHandles, pairStreams } from "../pack/pair-places.js";
import { exportedFunction, streamTypes } from "../pack/signature.js";
import { readModule } from "../wasm/read-module.js";
import { callbackName, liftName } from "../wit/canonical-names.js";
import type { World } from "../wit/model.js";
import { boardName, refuseDoubles, refuseLong } from "./board-guest.js";
import { exportNames } from "./export-names.js";
import type { GuestFiles } from "./guest-files.js";
import { featuresOf, translateCore } from "./guest-of-core.js";

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
}

/**
 * The guests of a row, as a board runs them.
 * @throws UserError for what a board does not serve, or what is not translated
 */
export function boardRow(guests: readonly RowGuest[], board: EmulatedBoard): BoardRow {
  const parts = guests.map((guest, index) => new RowPart(guest, index, index === guests.length - 1));
  const inputs = parts.flatMap((part) => part.inputs);
  refuseInputs(inputs.length, board);
  for (const [index, { files }] of parts.entries())
    if (files.usesDoubles) refuseDoubles(guests[index]!.source, board);
  const texts: Record<string, string> = {
    "board_guest.c": glue(parts, inputs, guests.map(({ source }) => boardName(source)).join("+")),
  };
  for (const { name, files } of parts) {
    texts[`${name}.h`] = files.header;
    texts[`${name}.c`] = files.source;
  }
  return {
    ...{ texts, guestCount: guests.length, ownStreams: parts[0]!.ownStreams },
    isPlain: parts.every(({ files }) => files.isPlain),
  };
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

/** One guest, translated. */
class RowPart {
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
    { source, core, world, call, piped }: RowGuest,
    readonly index: number,
    isLast: boolean,
  ) {
    this.name = `guest${index}`;
    this.piped = piped;
    const { elements, paramCount } = streamTypes(exportedFunction(world, call));
    this.paramCount = paramCount;
    this.hasResult = elements.length > paramCount;
    const descriptor = new GuestDescriptor(core, world, true);
    const features = featuresOf(descriptor);
    const odd = features.find((feature) => feature !== "TASKS");
    if (odd !== undefined)
      throw new UserError(
        `${source}: a board's firmware has nothing for ${odd === "LISTS" ? "strings and lists" : "imported functions"}`,
      );
    this.ownStreams = pairStreams(core, descriptor);
    this.ownHandles = pairHandles(core, descriptor);
    this.types = elements.map((type) => `${this.name}_types[${descriptor.typeIndex(type)}]`);
    this.inputs = Array.from({ length: paramCount }, (_, param) => ({
      guest: index,
      param,
      type: this.types[param]!,
    })).filter(({ param }) => param !== piped);
    for (const [at, type] of elements.entries())
      if (at !== piped && (at < paramCount || isLast)) refuseLong(type, call);
    this.files = translateCore({ source, core, world, name: this.name, descriptor }, ["TASKS"]);
    const functions = readModule(core)
      .exports.filter(({ kind }) => kind === "func")
      .map(({ name }) => name);
    const cNames = exportNames(functions);
    const find = (name: string): string => {
      const at = functions.indexOf(name);
      if (at < 0)
        throw new UserError(`${source} exports no async function ${call}, so a board has nothing to start`);
      return `${this.name}_${cNames[at]!}`;
    };
    this.entry = find(liftName(call, true));
    this.callback = find(callbackName(call));
  }

  /** Places for handles: as boardGuest counts them. */
  get handles(): number {
    return handleCount(this.paramCount, this.hasResult ? 1 : 0) + this.ownHandles;
  }

  /** Places for streams: of a guest behind the first, which has those of the firmware. */
  get streamCount(): number {
    return Math.max(1, this.paramCount + (this.hasResult ? 1 : 0) + this.ownStreams);
  }
}

/** What the serial line calls the row. */
function glue(parts: readonly RowPart[], inputs: readonly RowInput[], name: string): string {
  const last = parts.at(-1)!;
  // Streams from outside that are for a later guest go through the first one's table.
  const passing = inputs.filter(({ guest }) => guest !== 0).length;
  const streams = inputs.length + (last.hasResult ? 1 : 0);
  return `${parts.map((part) => `#include "${part.name}.h"`).join("\n")}
#include "row.h"

${parts.map((part) => partText(part, part.index === 0 ? passing : 0)).join("\n")}
static const struct row_guest guests[] = {
${parts.map(rowText).join("\n")}
};
static const struct row_input inputs[] = {
${inputs.map(({ guest, param, type }) => `    {&${type}, ${guest}, ${param}},`).join("\n") || "    {NULL, 0, 0},"}
};
static struct rill_type types[${Math.max(1, streams)}];
static const uint8_t streams[] = {${Array.from({ length: Math.max(1, streams) }, (_, at) => at).join(", ")}};

const struct row row = {guests, inputs, types, ${parts.length}, ${inputs.length}};

const struct native_guest native_guest = {
    "${name}", types, streams, &instance0.base, ends0, ${parts[0]!.handles + passing}, ${inputs.length}, ${streams}, row_init, row_run,
};
`;
}

function partText(
  { name, index, paramCount, handles, streamCount, entry, callback }: RowPart,
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

function rowText({ index, piped, types, hasResult, handles, streamCount }: RowPart): string {
  const streams = index === 0 ? "NULL" : `streams${index}`;
  const count = index === 0 ? 0 : streamCount;
  const result = hasResult ? `&${types.at(-1)!}` : "NULL";
  return `    {&instance${index}.base, ends${index}, ${streams}, &tasks${index}, &task${index}, arguments${index}, ${result},
     ${piped === null ? "NULL" : `&${types[piped]!}`}, ${handles}, ${count}, ${piped ?? 0}, init${index}, enter${index}, callback${index}},`;
}

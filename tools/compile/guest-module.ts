/**
 * A guest's source and WIT on their way to one optimised, linked module: what
 * `rill build` writes and `rill check` instruments.
 */
import { statSync } from "node:fs";
import { basename, dirname, extname, posix, resolve } from "node:path";
import { CopyTypes } from "../bindgen/ends/copy-types.js";
import { generateEntry } from "../bindgen/entry/generate-entry.js";
import { generateBindings } from "../bindgen/generate.js";
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { needsArena } from "../wit/arena-use.js";
import type { Features } from "../wit/wasm-tools.js";
import type { World } from "../wit/model.js";
import { resolveWorld } from "../wit/resolve.js";
import { BINDINGS_FOLDER, bindingsFolder, importPath } from "./bindings-folder.js";
import type { Compiled } from "./compile.js";
import { lentArguments } from "./lent-arguments.js";
import { type ExportName, link } from "./link.js";
import { hasBlocks } from "./task-count.js";
import type { StaticPlace } from "../source/static-places.js";

/** What names a guest on the command line. */
export interface GuestSource {
  /** Path of the guest's AssemblyScript file. */
  readonly entry: string;
  /** Path of the WIT file or folder. */
  readonly wit: string;
  /** The world's name; needed when the WIT has several. */
  readonly world?: string | undefined;
  /** Active features of the WIT. */
  readonly features?: Features | undefined;
  /** Sizes that the user asked for, which are refused where the guest has no such memory. */
  readonly asked?: GuestSizes;
}

/** A guest that was read and matched with its WIT. */
export interface PreparedGuest {
  /** ENTRY's file name without extension. */
  readonly name: string;
  readonly world: World;
  /** Folder of ENTRY; paths of sources are relative to it. */
  readonly baseDir: string;
  /** The same folder as the user named it, for messages. */
  readonly shownDir: string;
  /**
   * Generated bindings: path relative to `baseDir` (`bindings/...`, or where the
   * guest imports them from) to text.
   */
  readonly bindings: ReadonlyMap<string, string>;
  readonly entrySource: string;
  readonly exports: readonly ExportName[];
}

/** The generated entry's file name; it never exists on disk. */
export const ENTRY_NAME = "rill-entry.ts";
/**
 * Resolves the WIT, generates bindings and matches the guest's functions.
 * @throws UserError for anything amiss in either
 */
export async function prepareGuest(source: GuestSource): Promise<PreparedGuest> {
  const entry = resolve(source.entry);
  if (!statSync(entry, { throwIfNoEntry: false }))
    throw new UserError(`${source.entry}: no such file; name the guest's AssemblyScript file`);
  const text = readInput(source.entry, "name the guest's AssemblyScript file").toString("utf8");
  const world = await resolveWorld(source.wit, source.world, source.features);
  const bindings = generateBindings(world);
  refuseUnusedSizes(world, bindings, source.asked ?? {});
  const name = basename(entry, extname(entry));
  // The compilers are loaded once the inputs are known to be good: most refusals need neither.
  const { guestItems } = await import("../source/user-functions.js");
  const items = guestItems(basename(entry), text, source.entry);
  const folder = bindingsFolder(items.imports, [...bindings.keys()], dirname(entry));
  const generated = generateEntry(world, items, `./${name}`, importPath(folder), source.entry);
  return {
    name,
    world,
    baseDir: dirname(entry),
    shownDir: dirname(source.entry),
    bindings: new Map([...bindings].map(([file, text]) => [posix.join(folder, file), text])),
    entrySource: generated.source,
    exports: generated.exports,
  };
}

/** What a user may choose of a guest's static memory. */
export interface GuestSizes {
  /** Bytes of each region of the arena; 512 when it is not given. */
  readonly arenaBytes?: number | undefined;
  /**
   * Ends of each type of stream or future inside of values that may be open at once; 4 when it is not given.
   */
  readonly endPlaces?: number | undefined;
  /** Calls of each imported async function that may be open side by side; 4 when it is not given. */
  readonly callPlaces?: number | undefined;
}

/** @throws UserError for the size of something that the guest does not have */
function refuseUnusedSizes(
  world: World,
  bindings: ReadonlyMap<string, string>,
  { arenaBytes, callPlaces }: GuestSizes,
): void {
  if (arenaBytes !== undefined && !needsArena(world))
    throw new UserError(
      `--arena ${arenaBytes}: the world ${world.id} has no strings or lists, so its guest has no arena; leave it out`,
    );
  if (callPlaces !== undefined && ![...bindings.values()].some((text) => text.includes("CALL_PLACES")))
    throw new UserError(
      `--call-places ${callPlaces}: the world ${world.id} imports no async function; leave it out`,
    );
}

/** What only a guest has that imports it: places for ends in `bindings/pairs`. */
const OF_PAIRS = /^pairs(-\d+)?\.ts$/;
/** Those for types that the world need not name. */
const LIBRARY_PAIRS = "~lib/as-rill/pairs/index.ts";

/** @throws UserError for a number of places for ends when nothing of the compiled guest has such places */
export function refuseUnusedPairs(
  { world, bindings }: PreparedGuest,
  { sources }: Compiled,
  { RILL_ENDS: endPlaces }: Readonly<Record<string, number>> = {},
): void {
  if (endPlaces === undefined || sources.has(LIBRARY_PAIRS)) return;
  const files = [...bindings].flatMap(([file, text]) => (text.includes("END_PLACES") ? basename(file) : []));
  if (files.some((file) => !OF_PAIRS.test(file) || sources.has(`${BINDINGS_FOLDER}/${file}`))) return;
  throw new UserError(
    `--ends ${endPlaces}: the world ${world.id} has no streams or futures inside values, and the guest imports neither bindings/pairs nor as-rill/pairs; leave it out`,
  );
}

/** Those sizes as the guest library reads them. */
export function sizeConstants({ arenaBytes, endPlaces, callPlaces }: GuestSizes): Record<string, number> {
  return {
    ...(arenaBytes !== undefined && { RILL_ARENA: arenaBytes }),
    ...(endPlaces !== undefined && { RILL_ENDS: endPlaces }),
    ...(callPlaces !== undefined && { RILL_CALL_PLACES: callPlaces }),
  };
}

/** As many regions for ends in values as there are when nobody says: see assembly/end-regions.ts. */
const END_REGIONS = 4;

/** What the guest library is told of a world. */
export function worldConstants(world: World): Record<string, number> {
  const types = new CopyTypes(world).holdingPointers;
  return types > END_REGIONS ? { RILL_END_REGIONS: types } : {};
}

/** How a task waits: inside its core function, or by returning to the host. */
export type WaitStrategy = "wait" | "callback";

/** How a build may differ from the one that ships. */
export interface LinkOptions {
  /** Integer constants that the sources see as globals. */
  readonly constants?: Readonly<Record<string, number>>;
  /** False leaves every function where it is, under its name: what a build that counts allocations needs. */
  readonly optimized?: boolean;
  /** How a task waits; in core code unless told otherwise. */
  readonly wait?: WaitStrategy | undefined;
  /** How many tasks an instance may have at once, with strategy `callback`; 1 when it is not given. */
  readonly tasks?: number | undefined;
  /** Whether a task raises backpressure while it lasts. */
  readonly backpressure?: boolean | undefined;
  /** Told what asc made, before it is linked. */
  readonly onCompiled?: (compiled: Compiled) => void;
  /** Told of each path where a source is looked for, before it is. */
  readonly onRead?: ((path: string) => void) | undefined;
  /** Told where a waiting task's locals are saved. */
  readonly onStack?: (stack: StaticPlace) => void;
}

/**
 * Compiles, links and optimises a prepared guest.
 * @returns the module as WebAssembly text with source positions
 */
export async function linkGuest(guest: PreparedGuest, options: LinkOptions = {}): Promise<string> {
  const { compileForStrategy } = await import("./unanswered-waits.js");
  const input = {
    baseDir: guest.baseDir,
    shownDir: guest.shownDir,
    entryName: ENTRY_NAME,
    entrySource: guest.entrySource,
    virtualFiles: guest.bindings,
    constants: { ...worldConstants(guest.world), ...options.constants },
    arena: needsArena(guest.world),
    onRead: options.onRead,
  };
  const compiled = await compileForStrategy(input, guest.exports, options);
  refuseUnusedPairs(guest, compiled, options.constants);
  const lent = lentArguments(guest.world);
  const { movableFrames } = await import("./movable-frames.js");
  const frames = movableFrames(guest.world, compiled, guest.bindings, ENTRY_NAME);
  if (hasBlocks(options.tasks) && options.optimized !== false) {
    const { linkTasks, placesInBlocks } = await import("./callback/link-tasks.js");
    const { exports, bindings } = guest;
    const generated = [ENTRY_NAME, ...bindings.keys()];
    const shared = { compiled, generated, exports, lentArguments: lent, frames };
    const { text, blocks } = linkTasks({ ...shared, tasks: options.tasks });
    options.onCompiled?.({ ...compiled, places: placesInBlocks(compiled.places, blocks) });
    return text;
  }
  options.onCompiled?.(compiled);
  const linked = link(compiled.text, guest.exports, compiled.dataEnd);
  if (options.optimized === false) {
    const { forgetExpected } = await import("./callback/expected-events.js");
    const { rewrite } = await import("./optimize.js");
    return rewrite(linked, forgetExpected);
  }
  const { optimizeForStrategy } = await import("./optimize-for-strategy.js");
  const { text, stack } = optimizeForStrategy(linked, guest.exports, lent, frames, options);
  if (stack) options.onStack?.(stack);
  return text;
}

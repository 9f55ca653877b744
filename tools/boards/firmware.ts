/** Builds the firmware of a board: WAMR, the host, the board's own files, one ELF. */
import { createHash, type Hash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CPart, cIncludes, cSources, firmwareRoot, platformRoot } from "../c-sources/c-sources.js";
import { coreOf } from "../native/cores.js";
import { CheckFailure } from "../errors/user-error.js";
import { must } from "../setup/build-tool.js";
import { cached } from "../setup/cache.js";
import { compiledObjects } from "../setup/compiled-objects.js";
import { compilerIdentity } from "../setup/compiler-identity.js";
import { moreForBlocks } from "../pack/block-cache.js";
import type { BoardGuest } from "../native/board-guest.js";
import type { BoardRow } from "../native/board-row.js";
import type { Board, EmulatedBoard, WamrVariant } from "../pack/board-table.js";
import { binutilOf, gccOf } from "./board-programs.js";
import { firmwareFolders, toolchainOf } from "./toolchain.js";
import { coreFlags, wamrLibrary } from "./wamr-library.js";

/**
 * What a firmware needs of the C host for guests without pointers in their
 * element types and without imported functions.
 */
export const HOST_PARTS: readonly CPart[] = ["HOST", "IMAGE", "RINGS", "WAMR", "WAMR_IMAGE"];
/** Start-up code, faults: the same on every board, but for AVR. */
const SHARED_SOURCES = ["start.c", "fault.c", "watchdog.c"];
/** The firmware proper: what a firmware of somebody else's replaces. */
const OWN_SOURCES = ["link.c", "feed.c", "host.c", "guest.c", "main.c"];

/** What it has on boards with `functions`. */
const FUNCTION_SOURCES = [
  "entry.c",
  "event_loop.c",
  "calls.c",
  "functions.c",
  "remote.c",
  "remote_ends.c",
  "remote_items.c",
];
const FUNCTION_PARTS: readonly CPart[] = ["CALLS", "TASKS", "WAMR_MORE"];
/** What it has of images in a row. */
const ROW_SOURCES = ["row.c", "image_row.c"];
/** What it is compiled with then. */
export const FUNCTION_SWITCHES = [
  "RILL_IMAGE_FUNCTIONS",
  "RILL_SUBTASKS",
  "RILL_WITH_CALLS",
  "RILL_WITH_TASKS",
  "RILL_MEMORY_STAYS",
  "RILL_UNCOUNTED",
];

const WARNINGS = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wvla", "-Werror"];

/** A built firmware and where its parts are. */
export interface Firmware {
  readonly board: EmulatedBoard;
  readonly elf: string;
  readonly map: string;
}

/** How to build; what is left out is the board's own. */
export interface FirmwareOptions {
  readonly variant?: WamrVariant;
  /** Preprocessor definitions. */
  readonly defines?: readonly string[];
  /** C files in place of the firmware's own. */
  readonly sources?: readonly string[];
  /** Runs the module in flash even though the interpreter writes to it: for the test that shows why not. */
  readonly withoutCopy?: boolean;
  /** Bytes of native stack in place of the board's. */
  readonly stack?: number;
  /** Runs images in a row: of a board with `functions`. */
  readonly hasPipes?: boolean;
}

/** Builds the firmware, or finds the one built before from the same sources and flags. */
export async function buildFirmware(board: Board, options: FirmwareOptions = {}): Promise<Firmware> {
  const gcc = await gccOf(board);
  const variant = options.variant ?? board.wamr;
  const wamr = await wamrLibrary(board, variant);
  const hasFunctions = board.functions === true && options.sources === undefined;
  const sources = [
    ...boardSources(board),
    join(platformRoot, "libc.c"),
    ...(options.sources ??
      [
        ...OWN_SOURCES,
        ...(hasFunctions ? FUNCTION_SOURCES : []),
        ...(options.hasPipes === true ? ROW_SOURCES : []),
      ].map((source) => join(firmwareRoot, source))),
    ...cSources(
      ...HOST_PARTS,
      ...(hasFunctions ? FUNCTION_PARTS : []),
      ...(options.hasPipes === true ? (["PIPES"] as const) : []),
    ),
  ];
  const flags = [
    ...coreFlags(board),
    ...WARNINGS,
    ...wamr.flags,
    ...(hasFunctions ? FUNCTION_SWITCHES.map((name) => `-D${name}`) : []),
    ...(options.hasPipes === true ? ["-DRILL_WITH_PIPES"] : []),
    ...(options.defines ?? []).map((define) => `-D${define}`),
    `-DRILL_MORE_FOR_BLOCKS=${variant.interpreter === "classic" ? moreForBlocks(board.blockCache) : 0}u`,
    // Of what has hardly any flash left: images of machine code are of a version that it does not know.
    ...(variant.loader === "mini" ? ["-DRILL_IMAGE_FEW_CODES"] : []),
    `-DRILL_WASM_IN_FLASH=${variant.interpreter === "fast" || options.withoutCopy === true ? "1" : "0"}`,
    ...[...firmwareFolders(board), ...cIncludes()].map((path) => `-I${path}`),
    // The interpreter's headers are not ours to mend.
    ...wamr.includes.map((path) => `-isystem${path}`),
  ];
  const linked = linkFlags(board, options);
  const key = createHash("sha256").update(JSON.stringify([flags, linked, sources, wamr.archive]));
  for (const folder of [...firmwareFolders(board), platformRoot, ...cIncludes()])
    await hashFolder(folder, key);
  for (const source of options.sources ?? []) key.update(await readFile(source));
  const folder = await cached(`${board.name}-${key.digest("hex").slice(0, 12)}`, async (fresh) => {
    const objects = await compiledObjects(gcc, flags, sources);
    const elf = join(fresh, "firmware.elf");
    const map = `-Wl,-Map=${join(fresh, "firmware.map")}`;
    await must(gcc, [...flags, ...linked, map, "-o", elf, ...objects, wamr.archive, "-lc", "-lm", "-lgcc"]);
  });
  return { board, elf: join(folder, "firmware.elf"), map: join(folder, "firmware.map") };
}

/** What a firmware without an interpreter needs of the C host. */
const NATIVE_PARTS: readonly CPart[] = ["HOST", "NATIVE", "RINGS"];
const NATIVE_SOURCES = ["link.c", "feed.c", "host.c", "native/main.c"];
/** What it has of a guest that asks the computer. */
const ASKING_SOURCES = ["entry.c", "functions.c", "remote.c"];

/** The firmware of one guest; buildRowFirmware has that of one that is called back and asks for nothing. */
export function buildGuestFirmware(
  board: EmulatedBoard,
  guest: BoardGuest,
  options: Pick<FirmwareOptions, "stack"> = {},
): Promise<Firmware> {
  return buildGuestsFirmware(board, [guest], options);
}

/**
 * The firmware with several such guests in it, each at its own place.
 * @param guests the one that it runs first; one that asks the computer, if any does
 */
export function buildGuestsFirmware(
  board: EmulatedBoard,
  guests: readonly BoardGuest[],
  { stack }: Pick<FirmwareOptions, "stack"> = {},
): Promise<Firmware> {
  const asking = guests.flatMap((guest) => guest.asking ?? []);
  const texts = Object.assign({}, ...guests.map((guest) => guest.texts)) as Record<string, string>;
  const features = [...new Set(asking.flatMap((one) => one.features))];
  const goesOn = asking.some((one) => one.goesOn);
  const ownStreams = Math.max(0, ...guests.map((guest) => guest.ownStreams));
  const options = {
    ...(stack === undefined ? {} : { stack }),
    defines: [
      `FEED_MAX=${Math.max(1, ...guests.map(({ paramCount }) => paramCount))}u`,
      ...(ownStreams > 0 ? [`OWN_STREAMS=${ownStreams}u`] : []),
      ...(guests.every(({ isPlain }) => isPlain) ? ["RILL_PLAIN_VALUES"] : []),
      ...features.map((feature) => `RILL_WITH_${feature}`),
      ...(asking.length > 0 ? ["RILL_CONVERSES"] : []),
      ...(goesOn ? ["RILL_SUBTASKS"] : []),
    ],
    kept: guests.slice(1).map(({ symbol }) => symbol),
  };
  if (asking.length === 0) return buildNativeFirmware(board, texts, options);
  const sources = [
    ...ASKING_SOURCES,
    ...(goesOn ? ["calls.c"] : []),
    ...(features.includes("TASKS") ? ["event_loop.c"] : []),
  ];
  const more = { parts: features, sources };
  return buildNativeFirmware(board, texts, {
    ...{ ...options, more, hasFutures: asking.some((one) => one.hasFutures) },
  });
}

/** The firmware of a row of guests that were translated to C. */
export function buildRowFirmware(
  board: EmulatedBoard,
  { texts, guestCount, ownStreams, isPlain, features, asking, goesOn }: BoardRow,
  { defines = [], ...options }: NativeOptions = {},
): Promise<Firmware> {
  const parts: readonly CPart[] = [...features, ...(guestCount > 1 ? (["PIPES"] as const) : [])];
  const switches = [
    ...parts.map((part) => `RILL_WITH_${part}`),
    ...(isPlain ? ["RILL_PLAIN_VALUES"] : []),
    ...(ownStreams > 0 ? [`OWN_STREAMS=${ownStreams}u`] : []),
    ...(asking === null ? [] : ["RILL_CONVERSES"]),
    ...(goesOn ? ["RILL_SUBTASKS"] : []),
  ];
  const sources = [
    "row.c",
    ...(asking === null ? [] : [...ASKING_SOURCES, "event_loop.c"]),
    ...(goesOn ? ["calls.c"] : []),
  ];
  const more = { parts, sources };
  return buildNativeFirmware(board, texts, { ...options, defines: [...switches, ...defines], more });
}

/** How to build a firmware without an interpreter. */
export interface NativeOptions extends Pick<FirmwareOptions, "defines" | "stack"> {
  /** What a row of guests, or one that asks the computer, needs more. */
  readonly more?: { readonly parts: readonly CPart[]; readonly sources: readonly string[] };
  readonly hasFutures?: boolean;
  /** Symbols that stay although nothing asks for them. */
  readonly kept?: readonly string[];
}

/** The firmware of guests that were translated to C: no interpreter is in it. */
async function buildNativeFirmware(
  board: EmulatedBoard,
  texts: Readonly<Record<string, string>>,
  options: NativeOptions = {},
): Promise<Firmware> {
  const gcc = await gccOf(board);
  const sources = [
    ...boardSources(board),
    ...[...NATIVE_SOURCES, ...(options.more?.sources ?? [])].map((source) => join(firmwareRoot, source)),
    ...cSources(...NATIVE_PARTS, ...(options.more?.parts ?? [])),
  ];
  const flags = nativeFlags(board, options.hasFutures === true ? [] : ["RILL_NO_FUTURES"], options.defines);
  const linked = linkFlags(board, options);
  const key = await nativeKey(gcc, board, [...flags, ...linked], sources);
  const name = `${board.name}-native-${key
    .update(JSON.stringify([texts, options.kept]))
    .digest("hex")
    .slice(0, 12)}`;
  const folder = await cached(name, async (fresh) => {
    const objects = await compiledObjects(gcc, flags, sources);
    await mkdir(fresh, { recursive: true });
    for (const [file, text] of Object.entries(texts)) await writeFile(join(fresh, file), text);
    const own = Object.keys(texts)
      .filter((file) => file.endsWith(".c"))
      .map((file) => join(fresh, file));
    const map = `-Wl,-Map=${join(fresh, "firmware.map")}`;
    const elf = join(fresh, "firmware.elf");
    const kept = (options.kept ?? []).map((symbol) => `-Wl,-u,${symbol}`);
    try {
      const asked = [...flags, ...linked, ...kept, `-I${fresh}`, map];
      await must(gcc, [...asked, "-o", elf, ...objects, ...own, "-lc", "-lgcc"]);
    } catch (error) {
      throw tooSmall(board, error) ?? error;
    }
  });
  return { board, elf: join(folder, "firmware.elf"), map: join(folder, "firmware.map") };
}

/** What the linker said when a memory is too small, with the numbers; null for any other error. */
function tooSmall({ name, flash, ram }: EmulatedBoard, error: unknown): CheckFailure | null {
  const said = error instanceof CheckFailure ? error.message : "";
  const failure = (what: string, used: number, length: number): CheckFailure =>
    new CheckFailure(
      `${name}: the firmware with this guest takes ${used} bytes of ${what}, and the board has ${length}`,
    );
  // avr-libc's script has one region for both RAM and what is behind it.
  const ends = [...said.matchAll(/address 0x8([0-9a-f]{5}) of .*is not within region `data'/g)];
  const last = Math.max(...ends.map(([, address]) => parseInt(address!, 16)));
  if (ends.length > 0) return failure("RAM beside the stack", last - ram.start, ram.length);
  if (said.includes("RAM: too little is left"))
    return new CheckFailure(
      `${name}: the firmware with this guest needs more than the board's ${ram.length} bytes of RAM, its stack included`,
    );
  const [, region, over] = /region `(\w+)' overflowed by (\d+) bytes/.exec(said) ?? [];
  if (region === undefined) return null;
  const [what, { length }] = /text|flash/i.test(region)
    ? (["flash", flash] as const)
    : (["RAM", ram] as const);
  return failure(what, length + Number(over), length);
}

/** Flags of a firmware without an interpreter, with these switches. */
function nativeFlags(
  board: EmulatedBoard,
  switches: readonly string[],
  more: readonly string[] = [],
): string[] {
  const defines = ["RILL_FIRMWARE_NATIVE", ...switches, ...more];
  return [
    ...coreFlags(board),
    ...WARNINGS,
    ...defines.map((define) => `-D${define}`),
    ...[...firmwareFolders(board), ...cIncludes()].map((path) => `-I${path}`),
  ];
}

/** What its cached parts depend on. */
async function nativeKey(
  gcc: string,
  board: EmulatedBoard,
  flags: readonly string[],
  sources: readonly string[],
): Promise<Hash> {
  const key = createHash("sha256").update(JSON.stringify([flags, sources, await compilerIdentity(gcc)]));
  for (const folder of [...firmwareFolders(board), join(firmwareRoot, "native"), ...cIncludes()])
    await hashFolder(folder, key);
  return key;
}

/** Start-up, faults and the board: the same whatever the firmware does. */
function boardSources(board: EmulatedBoard): string[] {
  const { folder, sources } = toolchainOf(board);
  return [
    ...(isAvr(board) ? [] : SHARED_SOURCES.map((source) => join(firmwareRoot, source))),
    ...sources.map((source) => join(firmwareRoot, folder, source)),
    join(firmwareRoot, board.name, "board.c"),
  ];
}

/** There the compiler's own start-up code and linker script stand, and what RAM is left is stack. */
function isAvr({ cpu }: EmulatedBoard): boolean {
  return cpu === "atmega328p";
}

function linkFlags(board: EmulatedBoard, { stack }: Pick<FirmwareOptions, "stack">): string[] {
  if (isAvr(board)) return [`-Wl,--gc-sections,${join(firmwareRoot, board.name, "board.ld")}`];
  return [
    "-nostartfiles",
    "-Wl,--gc-sections,--no-warn-rwx-segment,--no-warn-execstack",
    ...(stack === undefined ? [] : [`-Wl,--defsym=RILL_STACK=${stack}`]),
    ...firmwareFolders(board).map((folder) => `-L${folder}`),
    `-T${join(firmwareRoot, board.name, "board.ld")}`,
  ];
}

/** What a firmware for images of machine code needs of the C host. */
const NATIVE_IMAGE_PARTS: readonly CPart[] = ["HOST", "NATIVE", "NATIVE_IMAGE", "IMAGE", "RINGS"];
const NATIVE_IMAGE_SOURCES = ["link.c", "feed.c", "host.c", "native/guest.c", "main.c"];

/** The firmware that runs images of machine code: RILL_ALLOW_NATIVE, and no interpreter. */
export async function buildNativeImageFirmware(
  board: Board,
  options: Pick<FirmwareOptions, "defines" | "stack"> = {},
): Promise<Firmware> {
  const gcc = await gccOf(board);
  const sources = [
    ...boardSources(board),
    ...NATIVE_IMAGE_SOURCES.map((source) => join(firmwareRoot, source)),
    ...cSources(...NATIVE_IMAGE_PARTS),
  ];
  const switches = ["RILL_ALLOW_NATIVE", `RILL_CPU="${coreOf(board.cpu).name}"`];
  const flags = nativeFlags(board, switches, options.defines);
  const linked = linkFlags(board, options);
  const key = await nativeKey(gcc, board, [...flags, ...linked], sources);
  const name = `${board.name}-native-images-${key.digest("hex").slice(0, 12)}`;
  const folder = await cached(name, async (fresh) => {
    const objects = await compiledObjects(gcc, flags, sources);
    const [map, elf] = ["map", "elf"].map((ending) => join(fresh, `firmware.${ending}`));
    await must(gcc, [...flags, ...linked, `-Wl,-Map=${map!}`, "-o", elf!, ...objects, "-lc", "-lgcc"]);
  });
  return { board, elf: join(folder, "firmware.elf"), map: join(folder, "firmware.map") };
}

async function hashFolder(folder: string, key: Hash): Promise<void> {
  for (const file of (await readdir(folder)).sort()) {
    if (/\.(?:c|h|ld)$/.test(file)) key.update(file).update(await readFile(join(folder, file)));
  }
}

/** Values of the firmware's symbols, by name. */
export async function symbolsOf({ board, elf }: Firmware): Promise<ReadonlyMap<string, number>> {
  const nm = await binutilOf(board, "nm");
  const lines = (await must(nm, [elf])).split("\n").map((line) => line.split(" "));
  return new Map(lines.map(([value, , name]) => [name ?? "", parseInt(value ?? "", 16)]));
}

/** Bytes of RAM that the firmware's variables take. */
export function variableBytes(symbols: ReadonlyMap<string, number>): number {
  const at = (name: string): number => symbols.get(name) ?? Number.NaN;
  // AVR's script puts variables first, the others' the stack.
  return symbols.has("__bss_stop") ? at("__bss_stop") - at("__stack_top") : at("_end") - at("__data_start");
}

/**
 * `rill flash`: packs a guest, puts it on a board or on the board's emulator,
 * feeds its streams, reads the result back.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { optionName } from "../errors/option-name.js";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { visibleJson } from "../errors/visible-text.js";
import { guestName, packBytes } from "../pack/pack-command.js";
import type { Value } from "../host/values/value.js";
import { liftedFunctions } from "../pack/minify.js";
import { temporaryFolder } from "../processes/temporary-folder.js";
import { readModule } from "../wasm/read-module.js";
import { convert } from "../run/raw-files.js";
import { openFunctions, type OpenFunctions } from "../run/remote/bound-functions.js";
import type { ImportsFlags } from "../run/imports/open-imports.js";
import { logLine } from "../run/imports/log-line.js";
import { arenaNeed } from "../host/values/trap.js";
import { toJson } from "../run/formats/json-value.js";
import { writeValue } from "../run/run-command.js";
import { Items } from "../host/copies/items.js";
import { itemBytes } from "../run/item-bytes.js";
import { hasValues } from "../pack/entry-shape.js";
import { callEnds } from "../pack/held-ends.js";
import { planRun, type RunInput } from "../run/run-plan.js";
import type { Packed } from "../pack/pack.js";
import { RemoteCalls } from "../run/remote/remote-calls.js";
import { RemoteGuest } from "../run/remote/remote-guest.js";
import { type Board, BOARDS, type EmulatedBoard, findBoard, NATIVE_BOARDS } from "../pack/board-table.js";
import { type Asking, boardGuest, isRowOfOne } from "../native/board-guest.js";
import { chosenCore } from "../native/native-image.js";
import { packNativeBytes } from "../native/pack-native-image.js";
import { boardRow } from "../native/board-row.js";
import { planPipeline } from "../run/pipeline/plan-pipeline.js";
import { rowOf } from "../run/pipeline/row-of-plans.js";
import { ownInputs, refuseForOne, type StagePlan } from "../run/pipeline/stage-plan.js";
import type { PlannedCall } from "../run/calls/planned-call.js";
import type { RunFlags } from "../run/run-flags.js";
import { packRow } from "./image-row.js";
import { boardErrorText } from "./board-errors.js";
import { buildFirmware, buildGuestFirmware, buildNativeImageFirmware, buildRowFirmware } from "./firmware.js";
import { FLASHERS, flashRealBoard, type RealFlashFlags } from "./flash-real-board.js";
import { type Placed, runOnQemu } from "./qemu.js";
import { nextItems, rawInputs, valuesOf } from "../run/raw-inputs.js";
import type { BoardReport } from "./serial-link.js";

/** The flags of the command. */
export interface FlashFlags extends RealFlashFlags, ImportsFlags {
  readonly calls?: readonly string[];
  readonly board: string;
  readonly in: readonly string[];
  readonly out?: string;
  /** Streams and futures at once that are held for the guest. */
  readonly heldEnds?: number;
  /** The guest as C, in a firmware without an interpreter. */
  readonly native?: boolean;
  /** The guest's machine code as an image, in a firmware that takes it. */
  readonly nativeImage?: boolean;
  readonly rate?: string;
  readonly limit?: number;
  readonly json?: boolean;
  readonly timeout?: string;
}

/** Flags of emulated boards, and of real ones. */
const EMULATED_ONLY = [
  "native",
  "nativeImage",
  "imports",
  "stub",
  "in",
  "out",
  "rate",
  "limit",
  "heldEnds",
  "timeout",
  "json",
] as const;
const REAL_ONLY = ["address", "chip", "interface", "drive", "family", "firmware", "dryRun"] as const;

/** Ticks a second at most: what the boards' timers can serve. */
const MAX_RATE = 100_000;

/** Runs the command. */
export async function runFlash(core: string, flags: FlashFlags): Promise<void> {
  const board = [...BOARDS, ...NATIVE_BOARDS].find(({ name }) => name === flags.board);
  if (board === undefined || flags.with !== undefined) {
    if ((flags.calls?.length ?? 0) > 0)
      throw new UserError(
        "calls as arguments are for emulated boards, which run the guest at once; --with only writes its image",
      );
    const isRow = (flags.then?.length ?? 0) > 0;
    if (isRow) refuseNativeImages(flags.nativeImage);
    if (flags.with !== undefined)
      refuse(
        flags,
        EMULATED_ONLY.filter((name) => name !== "nativeImage" && !(name === "in" && isRow)),
        "is for emulated boards, which run the guest at once; --with only writes its image",
      );
    await flashRealBoard(core, flags, board === undefined ? null : findBoard(board.name));
    return;
  }
  refuse(
    flags,
    REAL_ONLY,
    `is for real boards: say which tool writes the flash, --with ${FLASHERS.join(", ")}`,
  );
  await runEmulated(core, board, flags);
}

/** @throws UserError when one of `names`, which would change nothing, is given */
function refuse(flags: FlashFlags, names: readonly (keyof FlashFlags)[], why: string): void {
  const found = names.find((name) => {
    const value = flags[name];
    return value !== undefined && (!Array.isArray(value) || value.length > 0);
  });
  if (found !== undefined) throw new UserError(`--${optionName(found)} ${why}`);
}

async function runEmulated(core: string, board: EmulatedBoard, flags: FlashFlags): Promise<void> {
  const program = programOf(flags, board);
  const rate = numberFlag("--rate", flags.rate, 0, 0, MAX_RATE);
  const timeout = numberFlag("--timeout", flags.timeout, 600, 1, 86_400) * 1000;
  const guests = planGuests(core, { ...flags, ...onlyFunction(core, flags), host: "board" });
  const { output } = guests.at(-1)!;
  const { elf, images, address, packed, pool, asking, importers } = await program(guests);
  const given = guests.flatMap(ownInputs);
  const inputs = rawInputs({ inputs: given, limit: flags.limit });
  const functions = asking === null ? null : await openFunctions(asking.functions, flags);
  try {
    const guest =
      asking === null
        ? null
        : new RemoteGuest(
            asking,
            (index) => argument(given[index]!),
            functions!,
            packed === null ? {} : findBoard(board.name),
            nextItems(asking.shape.streams.map(({ element }, index) => [element, inputs[index]] as const)),
          );
    const calls =
      guest === null || packed === null
        ? null
        : callsOf(guests[0]!, { packed, guest, raw: inputs, functions: functions! }, flags);
    const report = await runOnQemu({
      board,
      elf,
      images,
      policy: "line",
      rate,
      stream: (_, index) => calls?.raw(index) ?? inputs[index] ?? new Uint8Array(0),
      timeout,
      ...(calls !== null && { calls }),
      // What goes on beside the guest is to take its time.
      realTime: asking?.functions.some(({ func }) => func.async || callEnds(func) > 0) === true,
      onLog: logLine,
      failure: functions?.failure,
      ...(guest === null ? {} : { remote: () => guest }),
    });
    refuseMissing(importers?.get(report.missing[0] ?? 0) ?? core, report, functions);
    const raw = calls === null ? itemsOf(report, address, inputs.length) : calls.written;
    const items = raw !== null && guest !== null && calls === null ? withWritten(raw, asking!, guest) : raw;
    if (items !== null) writeItems(guests.at(-1)!, items);
    const value = valueOf(output, items, calls?.last ?? guest);
    tell(board, guests, withReason(report, guest, calls), value, pool, calls, flags);
  } finally {
    await functions?.close();
  }
}

/** The board knows that the guest had to trap for what it passed to the computer, which knows why. */
function withReason(report: BoardReport, guest: RemoteGuest | null, calls: RemoteCalls | null): BoardReport {
  const during = (text: string): string => (calls === null ? text : `${text}, in "${calls.current}"`);
  const errors = report.errors.map((error) => ({ ...error, text: during(guest?.trap ?? error.text) }));
  return { ...report, errors };
}

/** What follows each other in one instance; null where there is one call. */
function callsOf(
  { calls, inputs, output }: StagePlan,
  {
    packed: { entries },
    guest,
    raw,
    functions,
  }: {
    readonly packed: Packed;
    readonly guest: RemoteGuest;
    readonly raw: readonly Uint8Array[];
    readonly functions: OpenFunctions;
  },
  { json }: FlashFlags,
): RemoteCalls | null {
  if (calls === null) return null;
  let fed = 0;
  const given = inputs.map((input) => {
    if (input.kind === "piped") return { value: null };
    return input.kind === "value"
      ? { value: input.value }
      : { items: valuesOf(input.elementType, raw[fed++]!) };
  });
  const print = json === true ? null : (text: string): unknown => process.stdout.write(text);
  return new RemoteCalls({
    ...{ calls, entries, guest, print },
    dropped: (representation) => functions.drop?.(representation),
    input: (index) => given[index]!,
    keepsLast: output.kind !== "none",
  });
}

/** What the guest wrote, where the computer has lifted it. */
function withWritten(
  items: Uint8Array,
  { shape: { streams, paramCount } }: Pick<Asking, "shape">,
  { written }: RemoteGuest,
): Uint8Array {
  const answer = streams[paramCount];
  if (answer === undefined || !hasValues(answer)) return items;
  return itemBytes(Items.fromValues(answer.element, written), answer.element);
}

/** What each guest is to do. @throws UserError for what does not fit, or a firmware that holds one guest */
function planGuests(core: string, flags: RunFlags): readonly StagePlan[] {
  const { native, nativeImage } = flags as Partial<FlashFlags>;
  if ((flags.calls?.length ?? 0) > 0 && (native === true || nativeImage === true))
    throw new UserError(
      `${native === true ? "--native" : "--native-image"}: calls as arguments are for the firmware with WAMR; such a guest makes one call, named by --call`,
    );
  refuseForOne(flags);
  if ((flags.then?.length ?? 0) === 0) return [planRun(core, flags)];
  refuseNativeImages(nativeImage);
  return planPipeline(core, flags);
}

/** @throws UserError: they cannot be in a row */
function refuseNativeImages(nativeImage = false): void {
  if (nativeImage)
    throw new UserError(
      "--then: the firmware for images of machine code runs one guest after the other; with --native, or without either, they run beside each other",
    );
}

/** The result that is a value, or a future's; undefined where there is none. */
function valueOf(
  output: StagePlan["output"],
  items: Uint8Array | null,
  answer: { readonly result: Value | undefined } | null,
): Value | undefined {
  if (output.kind !== "value" || output.type === null) return undefined;
  if (!output.isFuture) return answer?.result;
  return items === null ? undefined : valuesOf(output.type, items)[0];
}

/** The value of a parameter that is no stream. */
function argument(input: RunInput): Value {
  return input.kind === "stream" ? null : input.value;
}

/** The firmware's code for a guest that needs more pool than it has. */
const TOO_MUCH_POOL = -38;

function poolText(banner: BoardReport["banner"], guests: number, pool: number | null): string {
  const who = guests === 1 ? "the guest needs" : "the guests need together";
  return `${who} ${pool} bytes of pool, and the firmware has ${banner.pool}, less what a larger cache of blocks takes`;
}

/** The firmware's code for a guest that imports what neither it nor the computer has. */
const MISSING = -72;

/** @throws UserError that shows what to write */
function refuseMissing(
  core: string,
  { errors, missing }: BoardReport,
  functions: OpenFunctions | null,
): void {
  if (functions !== null && errors.some(({ code }) => code === MISSING))
    throw new UserError(functions.missing(core, missing));
}

/** What an emulated board is given: a firmware, images in flash, and where the guest says that it lies. */
interface BoardProgram {
  readonly elf: string;
  readonly images: readonly Placed[];
  readonly address: number;
  /** The image's content; null without an image. */
  readonly packed: Packed | null;
  /** Bytes of pool that images ask for; null without. */
  readonly pool: number | null;
  /** Of a row, which guest imports a function, by its hash. */
  readonly importers?: ReadonlyMap<number, string>;
  /** What its guest asks the computer for; null of one that asks for its streams' items alone. */
  readonly asking: Asking | null;
}

/** How the guest gets onto the board. */
function programOf(
  { native, nativeImage, heldEnds: ends }: FlashFlags,
  board: EmulatedBoard,
): (guests: readonly StagePlan[]) => Promise<BoardProgram> {
  if (native === true && nativeImage === true)
    throw new UserError("--native and --native-image: the guest is in the firmware, or beside it");
  if (ends !== undefined && (native === true || nativeImage === true))
    throw new UserError("--held-ends: a firmware without an interpreter holds no ends for its guest");
  if (native === true) return (guests) => nativeProgram(guests, board);
  const taking = findBoard(board.name);
  return (guests) =>
    nativeImage === true
      ? nativeImageProgram(guests, taking)
      : guests.length > 1
        ? rowProgram(guests, taking)
        : imageProgram(guests, taking, ends);
}

/** The functions of several calls, each once. */
function calledIn(calls: readonly PlannedCall[]): {
  readonly call: string;
  readonly further: readonly string[];
} {
  const [call, ...further] = new Set(calls.flatMap((one) => (one.kind === "call" ? one.call : [])));
  return { call: call!, further };
}

/** The guest as an image, beside the firmware with WAMR. */
async function imageProgram(
  [guest]: readonly StagePlan[],
  board: Board,
  ends: number | undefined,
): Promise<BoardProgram> {
  const address = board.images.start;
  const { corePath, core, call, calls } = guest!;
  const called = calls === null ? { call } : calledIn(calls);
  const choices = { ...called, board: board.name, address, ...(ends !== undefined && { ends }) };
  const packed = await packBytes(corePath, core, choices);
  const { elf } = await buildFirmware(board);
  const { pool } = packed.needs;
  return { elf, images: [{ address, bytes: packed.image }], address, packed, pool, asking: packed };
}

/** The guests as images in a row. */
async function rowProgram(guests: readonly StagePlan[], board: Board): Promise<BoardProgram> {
  const { images, pool, asking, importers } = await packRow(rowOf(guests), board);
  const { elf } = await buildFirmware(board, { hasPipes: true });
  return { elf, images, address: images[0]!.address, packed: null, pool, asking, importers };
}

/** The guests as C, in the firmware. */
async function nativeProgram(guests: readonly StagePlan[], board: EmulatedBoard): Promise<BoardProgram> {
  const [{ corePath, core, world, call }] = guests as [StagePlan];
  if (guests.length > 1 || isRowOfOne(core, world, call)) {
    const row = await boardRow(rowOf(guests), board);
    const { elf } = await buildRowFirmware(board, row);
    const { asking, importers } = row;
    return { elf, images: [], address: 0, packed: null, pool: null, asking, importers };
  }
  const guest = await boardGuest(corePath, core, world, call, board);
  const { elf } = await buildGuestFirmware(board, guest);
  return { elf, images: [], address: 0, packed: null, pool: null, asking: guest.asking };
}

/** The guest's machine code as an image, beside the firmware that takes it. */
async function nativeImageProgram([guest]: readonly StagePlan[], board: Board): Promise<BoardProgram> {
  const address = board.images.start;
  const { corePath, core, call } = guest!;
  const { image } = await packNativeBytes(corePath, core, {
    ...{ name: guestName(corePath), call, board: board.name, address },
    cpu: chosenCore(undefined, board),
  });
  const { elf } = await buildNativeImageFirmware(board);
  return { elf, images: [{ address, bytes: image }], address, packed: null, pool: null, asking: null };
}

/**
 * What the guest at `address` wrote to its stream number `stream`. One that trapped wrote what it wrote, as
 * with `rill run`; null when it was refused, whatever else the board ran.
 */
export function itemsOf(
  { readyAt, outputs }: Pick<BoardReport, "readyAt" | "outputs">,
  address: number,
  stream: number,
): Uint8Array | null {
  const run = readyAt.indexOf(address);
  return run < 0 ? null : (outputs.get(`${run}:${hexByte(stream)}`) ?? new Uint8Array(0));
}

/**
 * The function that a board can start, where nobody chose and there is only one;
 * else `planRun` names those there are.
 */
function onlyFunction(core: string, { call, calls = [] }: FlashFlags): { call?: string } {
  if (call !== undefined || calls.length > 0) return {};
  try {
    const functions = liftedFunctions(readModule(readFileSync(core)));
    return functions.length === 1 ? { call: functions[0]! } : {};
  } catch {
    return {}; // planRun says what is wrong with the file
  }
}

function writeItems({ output }: StagePlan, items: Uint8Array): void {
  if (output.kind !== "items" || output.file === null) return;
  const folder = temporaryFolder("rill-flash-");
  try {
    const raw = join(folder.path, "out");
    writeFileSync(raw, items);
    convert(raw, output.file);
  } finally {
    folder.remove();
  }
}

function tell(
  board: EmulatedBoard,
  guests: readonly StagePlan[],
  { banner, ends, errors, log, lacks }: BoardReport,
  value: Value | undefined,
  pool: number | null,
  calls: RemoteCalls | null,
  { json }: FlashFlags,
): void {
  const { output } = guests.at(-1)!;
  const counts = calls === null ? (ends[0]?.counts ?? {}) : countsOf(ends);
  const error = errors[0] ?? null;
  const hasResult = value !== undefined && output.kind === "value" && output.type !== null && error === null;
  const result = hasResult ? toJson(output.type!, value) : undefined;
  if (result !== undefined) writeValue(output, result);
  if (json === true) {
    const facts = {
      host: board.name,
      items_in: counts.in ?? null,
      items_out: counts.out ?? null,
      dropped: counts.dropped ?? null,
      pool_bytes: counts.peak ?? null,
      stack_bytes: counts.stack ?? null,
      wakes: counts.wakes ?? null,
      free_pool_bytes: banner.pool === undefined ? null : banner.pool - (counts.peak ?? 0),
      ...(result === undefined ? {} : { result }),
      ...(calls === null ? {} : { calls: calls.facts }),
      error: error === null ? null : { code: error.code, name: error.word, text: error.text },
    };
    process.stdout.write(`${visibleJson(facts)}\n`);
  } else if (error === null) {
    process.stderr.write(
      `${board.name}: ${counts.in} items in, ${counts.out} out, ` +
        `${counts.peak === undefined ? "" : `${counts.peak} bytes of pool, `}${counts.stack} bytes of native stack${counts.wakes === undefined ? "" : `, ${counts.wakes} wake-ups`}\n`,
    );
  }
  if (error !== null) {
    const trapped =
      guests.length > 1
        ? guests[Number(log.map((line) => /^trapped (\d+)/.exec(line)?.[1]).find(Boolean))]
        : undefined;
    const of = trapped === undefined ? "" : `${trapped.corePath}: `;
    const text =
      lacks > 0
        ? arenaNeed(lacks)
        : error.code === TOO_MUCH_POOL
          ? poolText(banner, guests.length, pool)
          : error.text;
    throw new CheckFailure(`${board.name}: ${of}${boardErrorText({ ...error, text })}`);
  }
}

/** Of all calls together: what moved, and the most memory. */
function countsOf(ends: BoardReport["ends"]): BoardReport["ends"][number]["counts"] {
  const all = ends.map(({ counts }) => counts);
  const sum = (key: string): number => all.reduce((total, counts) => total + (counts[key] ?? 0), 0);
  const most = (key: string): number => Math.max(0, ...all.map((counts) => counts[key] ?? 0));
  return {
    ...{ in: sum("in"), out: sum("out"), dropped: sum("dropped"), wakes: sum("wakes") },
    ...{ peak: most("peak"), stack: most("stack") },
  };
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function numberFlag(
  flag: string,
  text: string | undefined,
  otherwise: number,
  least: number,
  most: number,
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UserError(`${flag} ${text}: a whole number from ${least} to ${most}`);
}

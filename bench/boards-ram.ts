/** What each byte of a board's RAM is for while a guest runs. */
import { binutilOf } from "../tools/boards/board-programs.js";
import { buildFirmware } from "../tools/boards/firmware.js";
import { runOnQemu } from "../tools/boards/qemu.js";
import type { BoardReport } from "../tools/boards/serial-link.js";
import { must } from "../tools/setup/build-tool.js";
import { type BoardJob, measureBoard } from "./boards-figures.js";

/** A use of RAM. */
export interface RamUse {
  readonly what: string;
  readonly bytes: number;
}

/** The firmware's variables by what they are for; all others are WAMR's and the C library's. */
const VARIABLES: readonly (readonly [what: string, names: readonly string[]])[] = [
  ["serial line: the received line, its state", ["buffer", "line_length", "line_complete", "noise"]],
  [
    "input: ring of samples, order, tick",
    ["feeds", "feed_total", "order", "ticks", "news", "staged", "staged_at", "staged_for"],
  ],
  [
    "host: ends of the running task, streams, element types, output",
    ["inputs", "output", "streams", "types", "output_room", "counts", "image", "is_quiet", "has_output"],
  ],
  ["firmware: loaded image, list of guests, error text", ["guests"]],
  ["watchdog and fault note", ["way_out", "full", "left", "fault_note", "running"]],
];

const WORD = 8;
const BLOCK_HEADER = 8;
/** Of input for each of several guests. */
const FEW_BYTES = 32;

/** Takes the RAM that `job` uses apart; the sum is its RAM in all. */
export async function ramUse(job: BoardJob): Promise<RamUse[]> {
  const { elf } = await buildFirmware(job.board);
  const figures = await measureBoard(job);
  return [
    ...(await statics(await binutilOf(job.board, "nm"), elf, figures.static_bytes)),
    ...(await pool(elf, job)),
    nativeStack(figures.stack_bytes),
  ];
}

async function statics(nm: string, elf: string, whole: number): Promise<RamUse[]> {
  const sizes = new Map<string, number>();
  for (const line of (await must(nm, ["-S", elf])).split("\n")) {
    const [, size, name] = /^[0-9a-f]+ ([0-9a-f]+) [bBdD] (\w+)/.exec(line) ?? [];
    if (name !== undefined) sizes.set(name, (sizes.get(name) ?? 0) + parseInt(size!, 16));
  }
  const uses = VARIABLES.map(([what, names]) => ({
    what,
    bytes: names.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0),
  }));
  const rest = whole - uses.reduce((sum, { bytes }) => sum + bytes, 0);
  return [...uses, { what: "WAMR's and the C library's variables, alignment", bytes: rest }];
}

/** The pool, by its fill after loading, with one live instance and with two. */
async function pool(elf: string, { board, image, input }: BoardJob): Promise<RamUse[]> {
  const run = (guests: number): Promise<BoardReport> =>
    runOnQemu({
      board,
      elf,
      images: [{ address: board.images.start, bytes: image }],
      policy: "line",
      rate: 0,
      guests,
      stream: () => input.subarray(0, FEW_BYTES),
    });
  const report = await run(1);
  const two = await run(2);
  const header = Buffer.from(image);
  const moduleBytes = header.length - moduleOffset(header);
  const copy = Math.ceil(moduleBytes / WORD) * WORD + BLOCK_HEADER;
  const stack = header.readUInt16LE(42);
  const memory = header.readUInt16LE(46);
  const loaded = fill(report, "ready");
  const live = fill(report, "live");
  const each = fill(two, "live") - live;
  const peak = report.ends[0]?.counts.peak ?? Number.NaN;
  return [
    { what: "pool: the module's bytes (the classic interpreter writes to them)", bytes: copy },
    { what: "pool: WAMR's tables of the module, the pool's own", bytes: loaded - copy },
    { what: "pool: operand stack", bytes: stack },
    { what: "pool: execution environment", bytes: live - loaded - each - stack },
    { what: "pool: linear memory; each live guest has one", bytes: memory },
    { what: "pool: instance and host; each live guest has them", bytes: each - memory },
    { what: "pool: more while loading", bytes: peak - live },
  ];
}

/** Bytes of pool in use at the line that begins with `word`. */
function fill({ log }: BoardReport, word: string): number {
  return Number(log.map((line) => new RegExp(`^${word} .*pool=(\\d+)`).exec(line)?.[1]).find(Boolean));
}

function moduleOffset(image: Buffer): number {
  const align = (at: number): number => Math.ceil(at / 4) * 4;
  const types = align(4 * image.readUInt8(5) + image.readUInt8(7) + image.readUInt8(24));
  return align(types + 4 * image.readUInt8(26) + 2 * image.readUInt8(27));
}

function nativeStack(bytes: number): RamUse {
  return { what: "native stack at its deepest, interrupts included", bytes };
}

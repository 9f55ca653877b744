/** What a guest costs on a board, measured by running it there. */
import { buildFirmware, type Firmware, type FirmwareOptions, symbolsOf } from "../tools/boards/firmware.js";
import type { Board } from "../tools/pack/board-table.js";
import { countInstructions, type InstructionCounts } from "../tools/boards/instruction-trace.js";
import { type QemuRun, runOnQemu } from "../tools/boards/qemu.js";
import type { BoardReport, FeedPolicy } from "../tools/boards/serial-link.js";

/** Bytes, except where it says otherwise. */
export interface BoardFigures {
  readonly board: string;
  readonly guest: string;
  readonly image_bytes: number;
  /** Code, constants, initial values of variables, and the image. */
  readonly flash_bytes: number;
  /** Variables of WAMR, host, drivers and firmware. */
  readonly static_bytes: number;
  /** WAMR's pool at its fullest: module, instance, stacks, the guest's linear memory. */
  readonly pool_bytes: number;
  /** The pool that the image's header asks for. */
  readonly pool_stated: number;
  /** Native stack at its deepest, interrupts included, found by painting. */
  readonly stack_bytes: number;
  readonly ram_bytes: number;
}

/** Instructions an item takes, whole numbers of a repeatable count. */
export interface InstructionFigures {
  readonly board: string;
  readonly guest: string;
  readonly ready: number;
  readonly blocking: number;
  /** Of the ready item: the C host's and firmware's part. */
  readonly host_share: number;
  /** Likewise, the part of WAMR's way to the host's functions. */
  readonly call_share: number;
}

/** What to run. */
export interface BoardJob {
  readonly board: Board;
  readonly guest: string;
  readonly image: Uint8Array;
  readonly poolStated: number;
  /** Raw items for the stream. */
  readonly input: Uint8Array;
}

/** Runs `job` and adds up what it used. */
export async function measureBoard(job: BoardJob, options: FirmwareOptions = {}): Promise<BoardFigures> {
  const firmware = await buildFirmware(job.board, options);
  // On a core of a microsecond an instruction and a busy tick, interrupts strike at the deepest points too.
  const slow = await run(firmware, job, { policy: "hold", rate: 1000, items: 500, shift: 10 });
  const fed = await run(firmware, job, { policy: "line", rate: 0 });
  const symbols = await symbolsOf(firmware);
  const at = (name: string): number => symbols.get(name) ?? 0;
  const count = (report: BoardReport, key: string): number => report.ends[0]?.counts[key] ?? Number.NaN;
  const statics = at("__bss_stop") - at("__stack_top");
  const pool = count(fed, "peak");
  const stack = Math.max(count(slow, "stack"), count(fed, "stack"));
  return {
    board: job.board.name,
    guest: job.guest,
    image_bytes: job.image.length,
    flash_bytes: at("__flash_used") + job.image.length,
    static_bytes: statics,
    pool_bytes: pool,
    pool_stated: job.poolStated,
    stack_bytes: stack,
    ram_bytes: statics + pool + stack,
  };
}

/** Bytes of code by which the firmware does not fit the board's flash; 0 when it fits. */
export async function tooLarge(board: Board, options: FirmwareOptions): Promise<number> {
  try {
    await buildFirmware(board, options);
    return 0;
  } catch (error) {
    const [, bytes] = /region `FLASH' overflowed by (\d+) bytes/.exec((error as Error).message) ?? [];
    if (bytes === undefined) throw error;
    return Number(bytes);
  }
}

/** Of input for each of many guests. */
const FEW_BYTES = 32;

/** As many live instances as fit. */
export async function liveGuests(job: BoardJob): Promise<number> {
  const report = await run(await buildFirmware(job.board), job, {
    policy: "line",
    rate: 0,
    guests: 0,
    stream: () => job.input.subarray(0, FEW_BYTES),
  });
  const live = report.log
    .map((line) => /^live guests=(\d+)/.exec(line)?.[1])
    .find((text) => text !== undefined);
  return report.errors.length > 0 ? Number.NaN : Number(live);
}

const FEW = 60;
const MANY = 180;

/**
 * Counts instructions an item, with the buffers that the firmware ships with: the difference of two runs, so
 * that what happens once does not count.
 */
export async function measureInstructions(job: BoardJob): Promise<InstructionFigures> {
  const firmware = await buildFirmware(job.board);
  const each = async (policy: FeedPolicy): Promise<InstructionCounts> => {
    const [few, many] = [await traced(firmware, job, policy, FEW), await traced(firmware, job, policy, MANY)];
    const per = (part: keyof InstructionCounts): number => (many[part] - few[part]) / (MANY - FEW);
    return { interpreter: per("interpreter"), call: per("call"), host: per("host"), library: per("library") };
  };
  const ready = await each("ready");
  const blocking = await each("turns");
  const total = (counts: InstructionCounts): number =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  const share = (part: keyof InstructionCounts): number =>
    Math.round((100 * ready[part]) / total(ready)) / 100;
  return {
    board: job.board.name,
    guest: job.guest,
    ready: Math.round(total(ready)),
    blocking: Math.round(total(blocking)),
    host_share: share("host"),
    call_share: share("call"),
  };
}

function traced(
  firmware: Firmware,
  job: BoardJob,
  policy: FeedPolicy,
  items: number,
): Promise<InstructionCounts> {
  return countInstructions(firmware, { ...common(job), policy, rate: 0, items });
}

function run(
  firmware: Firmware,
  job: BoardJob,
  options: Pick<QemuRun, "policy" | "rate"> & Partial<QemuRun>,
): Promise<BoardReport> {
  return runOnQemu({ ...common(job), elf: firmware.elf, ...options });
}

function common({ board, image, input }: BoardJob): Pick<QemuRun, "board" | "images" | "stream" | "timeout"> {
  return {
    board,
    images: [{ address: board.images.start, bytes: image }],
    stream: () => input,
    timeout: 120_000,
  };
}

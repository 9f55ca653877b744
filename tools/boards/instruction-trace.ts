/** Counts the instructions that a board executes, by the part of the firmware they belong to. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import { binutilOf } from "./board-programs.js";
import { mostCycles, type TimedCore } from "./core-cycles.js";
import { executedInstructions, logArguments } from "./executed-blocks.js";
import type { Firmware } from "./firmware.js";
import { type QemuRun, runOnQemu } from "./qemu.js";
import { must } from "../setup/build-tool.js";

/**
 * Parts of a firmware: the interpreter, WAMR's way to a native, the C host with the firmware
 * around it, the compiler's and C libraries.
 */
export type FirmwarePart = "interpreter" | "call" | "host" | "library";

/**
 * WAMR's way from the guest's call to the host's function and back: these functions, and what of the
 * interpreter's own function is written in CALL_FILE.
 */
const CALL_PATH = new Set(
  [
    "rill_call_any_native",
    "wasm_runtime_invoke_native_raw",
    "wasm_runtime_detect_native_stack_overflow",
    "wasm_runtime_copy_exception",
    "wasm_copy_exception",
    "ALLOC_FRAME",
  ].map((name) => `.${name}`),
);
const CALL_FILE = "rill_native_call.h";
/** Instructions of one item, by who executes them. */
export type InstructionCounts = Readonly<Record<FirmwarePart, number>>;

interface Range {
  readonly start: number;
  readonly end: number;
  readonly part: FirmwarePart;
}

/** Instructions of a run, and the most cycles that the core takes for them. */
export interface CoreCosts {
  readonly instructions: InstructionCounts;
  readonly cycles: InstructionCounts;
}

/** Runs and counts every instruction. */
export async function countInstructions(
  firmware: Firmware,
  run: Omit<QemuRun, "elf">,
): Promise<InstructionCounts> {
  const executed = await traced(firmware, run);
  return byPart(executed, await partsOf(firmware, executed), () => 1);
}

/** The same, and each with the cycles that the manual of the board's core gives it at most. */
export async function countCycles(
  core: TimedCore,
  firmware: Firmware,
  run: Omit<QemuRun, "elf">,
): Promise<CoreCosts> {
  const cycles = await cyclesOf(core, firmware);
  const cyclesAt = (pc: number): number => {
    const found = cycles.get(pc);
    if (found === undefined) throw new Error(`no instruction at 0x${pc.toString(16)} of ${firmware.elf}`);
    return found;
  };
  const executed = await traced(firmware, run);
  const partAt = await partsOf(firmware, executed);
  return { instructions: byPart(executed, partAt, () => 1), cycles: byPart(executed, partAt, cyclesAt) };
}

/** Of firmware that was looked at already, by core and file: many runs are of one. */
const known = new Map<string, Promise<ReadonlyMap<number, number>>>();

function cyclesOf(core: TimedCore, firmware: Firmware): Promise<ReadonlyMap<number, number>> {
  const key = `${core} ${firmware.elf}`;
  const found = known.get(key) ?? cyclesByAddress(core, firmware);
  known.set(key, found);
  return found;
}

async function cyclesByAddress(
  core: TimedCore,
  { board, elf }: Firmware,
): Promise<ReadonlyMap<number, number>> {
  const objdump = await binutilOf(board, "objdump");
  const text = await must(objdump, ["-d", elf]);
  return new Map(
    [...text.matchAll(/^ *([0-9a-f]+):\t[0-9a-f ]+\t([a-z][\w.]*)(?:\t([^;\n@]*))?/gm)].map(
      ([, address, mnemonic, operands]) => [
        parseInt(address!, 16),
        mostCycles(core, mnemonic!, operands?.trim() ?? ""),
      ],
    ),
  );
}

/**
 * Runs; how often each instruction did. The core's clock does not run ahead while it sleeps, or each wait
 * for the serial line brought the interrupts of more than an hour.
 */
async function traced(firmware: Firmware, run: Omit<QemuRun, "elf">): Promise<ReadonlyMap<number, number>> {
  return inTemporaryFolder("rill-trace-", async (folder) => {
    const log = join(folder, "trace");
    await runOnQemu({ ...run, elf: firmware.elf, shift: 0, realTime: true, extra: logArguments(log) });
    return await executedInstructions(log);
  });
}

function byPart(
  executed: ReadonlyMap<number, number>,
  partAt: (pc: number) => FirmwarePart,
  weigh: (pc: number) => number,
): InstructionCounts {
  const counts = { interpreter: 0, call: 0, host: 0, library: 0 };
  for (const [address, times] of executed) counts[partAt(address)] += times * weigh(address);
  return counts;
}

/** To which part each executed instruction belongs: by its function, in the interpreter's by its line. */
async function partsOf(
  { board, elf, map }: Firmware,
  executed: ReadonlyMap<number, number>,
): Promise<(pc: number) => FirmwarePart> {
  const ranges = await codeRanges(map);
  const inside = [...executed.keys()].filter((pc) => partOf(ranges, pc) === "interpreter");
  if (inside.length === 0) return (pc) => partOf(ranges, pc);
  const addresses = inside.map((pc) => pc.toString(16));
  const lines = (await must(await binutilOf(board, "addr2line"), ["-e", elf, ...addresses])).split("\n");
  const calls = new Set(inside.filter((_, index) => lines[index]?.includes(`/${CALL_FILE}:`)));
  return (pc) => (calls.has(pc) ? "call" : partOf(ranges, pc));
}

function partOf(ranges: readonly Range[], address: number): FirmwarePart {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  return ranges[low]?.part ?? "host";
}

/** The linker's map says which file each piece of code came from. */
async function codeRanges(map: string): Promise<Range[]> {
  const text = (await readFile(map, "utf8")).split("Linker script and memory map")[1] ?? "";
  const ranges: Range[] = [];
  for (const [, name, start, length, file] of text.matchAll(
    /^ \.text([\w.$-]*)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (.+)$/gm,
  )) {
    const first = parseInt(start!, 16);
    const end = first + parseInt(length!, 16);
    if (end > first) ranges.push({ start: first, end, part: partOfCode(name!, file!) });
  }
  return ranges.sort((a, b) => a.start - b.start);
}

function partOfCode(section: string, file: string): FirmwarePart {
  // Ours, in the C library's place.
  if (section === ".memset") return "library";
  if (file.includes("libwamr.a")) return CALL_PATH.has(section) ? "call" : "interpreter";
  return /lib(?:c|m|gcc)\w*\.a/.test(file) ? "library" : "host";
}

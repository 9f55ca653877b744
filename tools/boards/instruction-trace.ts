/** Counts the instructions that a board executes, one by one, by the part of the firmware they belong to. */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import type { Firmware } from "./firmware.js";
import { type QemuRun, runOnQemu } from "./qemu.js";

/**
 * Parts of a firmware: the interpreter, WAMR's way to a native, the C host with the firmware
 * around it, the compiler's and C libraries.
 */
export type FirmwarePart = "interpreter" | "call" | "host" | "library";

/** WAMR's way from the guest's call to the host's function and back. */
const CALL_PATH = new Set(
  [
    "wasm_interp_call_func_native",
    "wasm_runtime_invoke_native_raw",
    "rill_invoke_native_raw",
    "wasm_runtime_detect_native_stack_overflow",
    "wasm_runtime_copy_exception",
    "wasm_copy_exception",
    "wasm_value_type_cell_num",
    "ALLOC_FRAME",
    "word_copy",
  ].map((name) => `.${name}`),
);
/** Instructions of one item, by who executes them. */
export type InstructionCounts = Readonly<Record<FirmwarePart, number>>;

interface Range {
  readonly start: number;
  readonly end: number;
  readonly part: FirmwarePart;
}

/** Runs with one instruction a step and counts every one. */
export async function countInstructions(
  firmware: Firmware,
  run: Omit<QemuRun, "elf">,
): Promise<InstructionCounts> {
  return inTemporaryFolder("rill-trace-", async (folder) => {
    const log = join(folder, "trace");
    await runOnQemu({
      ...run,
      elf: firmware.elf,
      shift: 0,
      extra: ["-singlestep", "-d", "exec,nochain", "-D", log],
    });
    return await countLines(log, await codeRanges(firmware.map));
  });
}

async function countLines(log: string, ranges: readonly Range[]): Promise<InstructionCounts> {
  const counts = { interpreter: 0, call: 0, host: 0, library: 0 };
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const [, pc] = /^Trace .*\[[0-9a-f]+\/([0-9a-f]+)\//.exec(line) ?? [];
    if (pc === undefined) continue;
    counts[partOf(ranges, parseInt(pc, 16))]++;
  }
  return counts;
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

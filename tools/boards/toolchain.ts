/** What a board's firmware is compiled with and emulated by: it depends on the board's core alone. */
import { join } from "node:path";
import { firmwareRoot } from "../c-sources/c-sources.js";
import type { Board, EmulatedBoard } from "../pack/board-table.js";
import { armGcc, avrGcc, qemuArm, qemuAvr, qemuRiscv, riscvFirmwareGcc } from "../setup/programs.js";
import type { Tool } from "../setup/tool.js";

/** For one kind of core. */
interface Toolchain {
  /** GCC, with a C library. */
  readonly gcc: () => Promise<Tool>;
  readonly emulator: () => Promise<Tool>;
  /** Whether its serial line drops the bytes that the other side does not take at once. */
  readonly dropsOutput: boolean;
  /** Its option for the firmware. */
  readonly load: "-kernel" | "-bios";
  /** Whether its clock can follow the instructions that it runs. */
  readonly hasCountedTime: boolean;
  /** What GCC is told beside the core's name, in every file. */
  readonly flags: readonly string[];
  /** The core's folder in `firmware/`, and its files there that are compiled. */
  readonly folder: string;
  readonly sources: readonly string[];
}

/** For a core that WAMR runs on. */
interface WamrToolchain extends Toolchain {
  /** WAMR's name of the core. */
  readonly wamrTarget: string;
  /** WAMR's code that calls native functions, below `core/iwasm/common/arch`. */
  readonly wamrCall: string;
}

const CORTEX_M: WamrToolchain = {
  gcc: armGcc,
  emulator: qemuArm,
  dropsOutput: false,
  load: "-kernel",
  hasCountedTime: true,
  flags: ["-mthumb"],
  wamrTarget: "THUMB",
  wamrCall: "invokeNative_thumb.s",
  folder: "cortex_m",
  sources: ["exceptions.c"],
};

const RISCV: WamrToolchain = {
  gcc: riscvFirmwareGcc,
  emulator: qemuRiscv,
  dropsOutput: true,
  load: "-kernel",
  hasCountedTime: true,
  // By the older manual, instructions for control registers need no extension: no library is built for it.
  flags: ["-mabi=ilp32", "-misa-spec=2.2", "-mstrict-align", "--specs=picolibc.specs"],
  wamrTarget: "RISCV32_ILP32",
  wamrCall: "invokeNative_riscv.S",
  folder: "riscv",
  sources: ["traps.c"],
};

const AVR: Toolchain = {
  gcc: avrGcc,
  emulator: qemuAvr,
  dropsOutput: false,
  load: "-bios",
  hasCountedTime: false,
  // What makes the code of whole programs smaller; an `enum` has one byte.
  flags: [
    ...["-flto", "-mcall-prologues", "-mrelax", "-mstrict-X", "-fshort-enums"],
    ...["-fno-inline-small-functions", "-fno-gcse", "-fno-move-loop-invariants", "-fira-algorithm=priority"],
    // Its tables would lie in RAM.
    "-fno-tree-switch-conversion",
  ],
  folder: "avr",
  sources: ["start.c", "fault.c", "watchdog.c"],
};

/** Of a board's core. */
export function toolchainOf(board: Pick<Board, "cpu">): WamrToolchain;
/** Of a core that may be without WAMR. */
export function toolchainOf(board: Pick<EmulatedBoard, "cpu">): Toolchain;
/** By the core's name. */
export function toolchainOf({ cpu }: Pick<EmulatedBoard, "cpu">): Toolchain {
  if (cpu === "atmega328p") return AVR;
  return cpu === "sifive-e31" ? RISCV : CORTEX_M;
}

/** Folders of the board's firmware, with headers and linker scripts: all boards', its core's, its own. */
export function firmwareFolders(board: EmulatedBoard): readonly string[] {
  return [firmwareRoot, join(firmwareRoot, toolchainOf(board).folder), join(firmwareRoot, board.name)];
}

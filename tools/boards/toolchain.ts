/** What a board's firmware is compiled with and emulated by: it depends on the board's core alone. */
import { join } from "node:path";
import { firmwareRoot } from "../c-sources/c-sources.js";
import type { Board } from "../pack/board-table.js";
import { armGcc, qemuArm, qemuRiscv, riscvFirmwareGcc } from "../setup/programs.js";
import type { Tool } from "../setup/tool.js";

/** For one kind of core. */
interface Toolchain {
  /** GCC, with a C library. */
  readonly gcc: () => Promise<Tool>;
  readonly emulator: () => Promise<Tool>;
  /** Whether its serial line drops the bytes that the other side does not take at once. */
  readonly dropsOutput: boolean;
  /** What GCC is told beside the core's name, in every file. */
  readonly flags: readonly string[];
  /** WAMR's name of the core. */
  readonly wamrTarget: string;
  /** WAMR's code that calls native functions, below `core/iwasm/common/arch`. */
  readonly wamrCall: string;
  /** The core's folder in `firmware/`, and its files there that are compiled. */
  readonly folder: string;
  readonly sources: readonly string[];
}

const CORTEX_M: Toolchain = {
  gcc: armGcc,
  emulator: qemuArm,
  dropsOutput: false,
  flags: ["-mthumb"],
  wamrTarget: "THUMB",
  wamrCall: "invokeNative_thumb.s",
  folder: "cortex_m",
  sources: ["exceptions.c"],
};

const RISCV: Toolchain = {
  gcc: riscvFirmwareGcc,
  emulator: qemuRiscv,
  dropsOutput: true,
  // By the older manual, instructions for control registers need no extension: no library is built for it.
  flags: ["-mabi=ilp32", "-misa-spec=2.2", "-mstrict-align", "--specs=picolibc.specs"],
  wamrTarget: "RISCV32_ILP32",
  wamrCall: "invokeNative_riscv.S",
  folder: "riscv",
  sources: ["traps.c"],
};

/** Of a board's core. */
export function toolchainOf({ cpu }: Pick<Board, "cpu">): Toolchain {
  return cpu === "sifive-e31" ? RISCV : CORTEX_M;
}

/** Folders of the board's firmware, with headers and linker scripts: all boards', its core's, its own. */
export function firmwareFolders(board: Board): readonly string[] {
  return [firmwareRoot, join(firmwareRoot, toolchainOf(board).folder), join(firmwareRoot, board.name)];
}

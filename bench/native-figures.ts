/** What a guest as C costs on a board without an interpreter, measured by running it there. */
import { readFileSync } from "node:fs";
import { buildGuestFirmware, symbolsOf, variableBytes } from "../tools/boards/firmware.js";
import { runOnQemu } from "../tools/boards/qemu.js";
import { boardGuest } from "../tools/native/board-guest.js";
import type { NativeBoard } from "../tools/pack/board-table.js";
import { liftedFunctions } from "../tools/pack/minify.js";
import { readModule } from "../tools/wasm/read-module.js";
import { moduleWorld } from "../tools/wit/module-world.js";

/** Bytes. */
export interface NativeFigures {
  readonly board: string;
  readonly guest: string;
  /** Code, constants, initial values of variables, the guest among them. */
  readonly flash_bytes: number;
  /** Variables of guest, host, drivers and firmware. */
  readonly static_bytes: number;
  /** Stack at its deepest, interrupts included, found by painting. */
  readonly stack_bytes: number;
  readonly ram_bytes: number;
}

/** Runs the guest in `corePath` with the buffers that the firmware ships with. */
export async function measureNative(
  board: NativeBoard,
  guest: string,
  corePath: string,
): Promise<NativeFigures> {
  const bytes = readFileSync(corePath);
  const [call] = liftedFunctions(readModule(bytes));
  const translated = await boardGuest(corePath, bytes, moduleWorld(corePath, bytes)!, call!, board);
  const firmware = await buildGuestFirmware(board, translated);
  const stream = (): Uint8Array => new Uint8Array(0);
  const run = {
    board,
    elf: firmware.elf,
    images: [],
    policy: "hold",
    rate: 1000,
    items: 500,
    stream,
  } as const;
  const report = await runOnQemu(run);
  const symbols = await symbolsOf(firmware);
  const statics = variableBytes(symbols);
  const stack = report.ends[0]?.counts.stack ?? Number.NaN;
  return {
    board: board.name,
    guest,
    flash_bytes: symbols.get("__flash_used") ?? Number.NaN,
    static_bytes: statics,
    stack_bytes: stack,
    ram_bytes: statics + stack,
  };
}

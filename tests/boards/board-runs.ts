/** Runs of images on the emulated boards, and what V8 makes of the same items. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Board, BOARDS, IMAGE_STRIDE } from "../../tools/pack/board-table.js";
import { buildFirmware, type FirmwareOptions } from "../../tools/boards/firmware.js";
import { type Placed, type QemuRun, runOnQemu } from "../../tools/boards/qemu.js";
import type { BoardReport } from "../../tools/boards/serial-link.js";
import { liftedFunctions } from "../../tools/pack/minify.js";
import { readModule } from "../../tools/wasm/read-module.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";
import { isLong } from "../tier.js";

/**
 * Boards that run in every change what the night runs on all: hifive1 has the host and the interpreter of
 * microbit, so by day it runs what depends on the core, and a guest.
 */
export const boardsByDay: readonly Board[] = BOARDS.filter(({ name }) => isLong || name !== "hifive1");

/** Bytes of native stack on which `double` is loaded, and which it overflows when it runs. */
export function shortStack({ cpu }: Board): number {
  return cpu === "sifive-e31" ? 1040 : 896;
}

/** Images one after the other, each at the start of a slot. */
export function inSlots(board: Board, images: readonly Uint8Array[]): Placed[] {
  let address = board.images.start;
  return images.map((bytes) => {
    const placed = { address, bytes };
    address += Math.ceil(bytes.length / IMAGE_STRIDE) * IMAGE_STRIDE;
    return placed;
  });
}

/** Runs images on the board's own firmware (or a variant), fed with `input`. */
export async function runImages(
  board: Board,
  images: readonly Uint8Array[],
  input: Uint8Array | ((image: string, index: number) => Uint8Array),
  options: Partial<QemuRun> & { readonly firmware?: FirmwareOptions } = {},
): Promise<BoardReport> {
  const { elf } = await buildFirmware(board, options.firmware);
  return runOnQemu({
    board,
    elf,
    images: inSlots(board, images),
    policy: "line",
    rate: 0,
    stream: typeof input === "function" ? input : () => input,
    timeout: 90_000,
    ...options,
  });
}

/** What the guest answers on V8 for the raw items of its stream parameters. */
export function onV8(corePath: string, inputs: Readonly<Record<string, Uint8Array>>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "rill-boards-v8-"));
  try {
    const [call] = liftedFunctions(readModule(readFileSync(corePath)));
    const files = Object.entries(inputs).map(([parameter, bytes]) => {
      writeFileSync(join(folder, `${parameter}.bin`), bytes);
      return `${parameter}=${join(folder, `${parameter}.bin`)}`;
    });
    const out = join(folder, "out");
    runOnV8(planRun(corePath, { call: call!, in: files, out: `${out}.bin`, host: "v8" }));
    return readFileSync(`${out}.bin`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

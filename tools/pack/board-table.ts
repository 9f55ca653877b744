/** The boards that `rill flash` knows, with their real memories. */
import { UserError } from "../errors/user-error.js";
import { blockCacheFor } from "./block-cache.js";
import { boardId } from "./image.js";

/** Which interpreter and which loader of WAMR the firmware links. */
export interface WamrVariant {
  /** `classic` writes into the module, which must be copied to RAM; `fast` runs it from flash. */
  readonly interpreter: "classic" | "fast";
  /** `mini` does not validate: for images whose integrity is proved. `full` does. */
  readonly loader: "mini" | "full";
}

/** A board that QEMU emulates and the firmware supports. */
export interface Board {
  readonly name: string;
  readonly chip: string;
  /** GCC's name of the core. */
  readonly cpu: "cortex-m0" | "cortex-m3" | "cortex-m4";
  readonly flash: { readonly start: number; readonly length: number };
  readonly ram: { readonly start: number; readonly length: number };
  /** The part of flash, at its end, where images lie. */
  readonly images: { readonly start: number; readonly length: number };
  /** Bytes of native stack. */
  readonly stack: number;
  readonly wamr: WamrVariant;
  /**
   * Places of the classic interpreter's cache of blocks (`BLOCK_ADDR_CACHE_SIZE`): `blockCacheFor` its RAM.
   */
  readonly blockCache: number;
  /** probe-rs's name of the chip. */
  readonly probeRsChip: string;
  /**
   * OpenOCD's scripts: of the probe that the board has on it, or that most of
   * its users have, and of the chip.
   */
  readonly openOcdInterface: string;
  readonly openOcdTarget: string;
}

const KIB = 1024;

/** Images start at multiples of this, the largest page that a board erases at once where it matters. */
export const IMAGE_STRIDE = KIB;

function board(
  name: string,
  flashStart: number,
  flashLength: number,
  ramLength: number,
  imagesLength: number,
  rest: Pick<Board, "chip" | "cpu" | "stack" | "wamr" | "probeRsChip" | "openOcdInterface" | "openOcdTarget">,
): Board {
  return {
    name,
    flash: { start: flashStart, length: flashLength },
    ram: { start: 0x20000000, length: ramLength },
    images: { start: flashStart + flashLength - imagesLength, length: imagesLength },
    blockCache: blockCacheFor(ramLength),
    ...rest,
  };
}

/** All boards, smallest RAM first. */
export const BOARDS: readonly Board[] = [
  board("lm3s811evb", 0, 64 * KIB, 8 * KIB, 4 * KIB, {
    chip: "LM3S811",
    cpu: "cortex-m3",
    stack: 1472,
    wamr: { interpreter: "classic", loader: "mini" },
    probeRsChip: "LM3S811",
    openOcdInterface: "interface/ftdi/luminary.cfg",
    openOcdTarget: "target/stellaris.cfg",
  }),
  board("microbit", 0, 256 * KIB, 16 * KIB, 32 * KIB, {
    chip: "nRF51822",
    cpu: "cortex-m0",
    stack: 1920,
    wamr: { interpreter: "classic", loader: "full" },
    probeRsChip: "nRF51822_xxAA",
    openOcdInterface: "interface/cmsis-dap.cfg",
    openOcdTarget: "target/nrf51.cfg",
  }),
  board("netduinoplus2", 0x08000000, 1024 * KIB, 128 * KIB, 128 * KIB, {
    chip: "STM32F405RG",
    cpu: "cortex-m4",
    stack: 2048,
    wamr: { interpreter: "classic", loader: "full" },
    probeRsChip: "STM32F405RG",
    openOcdInterface: "interface/stlink.cfg",
    openOcdTarget: "target/stm32f4x.cfg",
  }),
];

/** @throws UserError when there is no such board */
export function findBoard(name: string): Board {
  const found = BOARDS.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  throw new UserError(
    `unknown board ${name}; the boards are ${BOARDS.map((known) => known.name).join(", ")}`,
  );
}

/** The board's number in an image's header. */
export function idOf({ name }: Board): number {
  return boardId(name);
}

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

/** A board that QEMU emulates, and that has a firmware of ours. */
export interface EmulatedBoard {
  readonly name: string;
  readonly chip: string;
  /** GCC's name of the core, or of the chip. */
  readonly cpu: "cortex-m0" | "cortex-m3" | "cortex-m4" | "sifive-e31" | "atmega328p";
  /** QEMU's name of the board. */
  readonly machine: string;
  readonly flash: { readonly start: number; readonly length: number };
  readonly ram: { readonly start: number; readonly length: number };
  /** Its firmware has the clock of firmware/board.h, and with it calls that go on. */
  readonly hasClock?: true;
}

/** A board whose guests are C in its firmware: for an interpreter there is no room. */
export interface NativeBoard extends EmulatedBoard {
  readonly cpu: "atmega328p";
}

/** A board with WAMR. */
export interface Board extends EmulatedBoard {
  readonly cpu: Exclude<EmulatedBoard["cpu"], NativeBoard["cpu"]>;
  /** The part of flash, at its end, where images lie. */
  readonly images: { readonly start: number; readonly length: number };
  /** Bytes of native stack. */
  readonly stack: number;
  readonly wamr: WamrVariant;
  /**
   * Places of the classic interpreter's cache of blocks (`BLOCK_ADDR_CACHE_SIZE`): `blockCacheFor` its RAM.
   */
  readonly blockCache: number;
  /**
   * The firmware takes images of format 2: guests that import functions, parameters and results that are no
   * streams. Flash is what it takes.
   */
  readonly functions?: true;
  /**
   * The native stack has no room for the guest's allocator inside of a wait: strings and lists are lowered
   * while the function is called, and the chip waits for them.
   */
  readonly lowersInCalls?: true;
  /** probe-rs's name of the chip. */
  readonly probeRsChip: string;
  /**
   * OpenOCD's scripts: of the probe that the board has on it, or that most of
   * its users have, and of the chip; null where the second one names the probe, too.
   */
  readonly openOcdInterface: string | null;
  readonly openOcdTarget: string;
}

const KIB = 1024;

/** Images start at multiples of this, the largest page that a board erases at once where it matters. */
export const IMAGE_STRIDE = KIB;

/** What a board's row says: the rest follows from it. */
interface Row extends Omit<Board, "flash" | "ram" | "images" | "blockCache" | "machine"> {
  readonly flash: readonly [start: number, length: number];
  readonly ram: readonly [start: number, length: number];
  /** Bytes at the end of flash. */
  readonly images: number;
  /** Where it is not the board's name. */
  readonly machine?: string;
}

function board({
  flash: [flashStart, flashLength],
  ram: [ramStart, ramLength],
  images,
  ...rest
}: Row): Board {
  return {
    machine: rest.name,
    flash: { start: flashStart, length: flashLength },
    ram: { start: ramStart, length: ramLength },
    images: { start: flashStart + flashLength - images, length: images },
    blockCache: blockCacheFor(ramLength),
    ...rest,
  };
}

/** All boards, smallest RAM first. */
export const BOARDS: readonly Board[] = [
  board({
    name: "lm3s811evb",
    chip: "LM3S811",
    cpu: "cortex-m3",
    flash: [0, 64 * KIB],
    ram: [0x20000000, 8 * KIB],
    images: 4 * KIB,
    stack: 1472,
    wamr: { interpreter: "classic", loader: "mini" },
    probeRsChip: "LM3S811",
    openOcdInterface: "interface/ftdi/luminary.cfg",
    openOcdTarget: "target/stellaris.cfg",
  }),
  board({
    name: "microbit",
    chip: "nRF51822",
    cpu: "cortex-m0",
    flash: [0, 256 * KIB],
    ram: [0x20000000, 16 * KIB],
    images: 32 * KIB,
    stack: 2432,
    wamr: { interpreter: "classic", loader: "full" },
    functions: true,
    hasClock: true,
    lowersInCalls: true,
    probeRsChip: "nRF51822_xxAA",
    openOcdInterface: "interface/cmsis-dap.cfg",
    openOcdTarget: "target/nrf51.cfg",
  }),
  board({
    name: "hifive1",
    chip: "FE310-G000",
    cpu: "sifive-e31",
    machine: "sifive_e",
    flash: [0x20400000, 12 * 1024 * KIB],
    ram: [0x80000000, 16 * KIB],
    images: 128 * KIB,
    stack: 2176,
    wamr: { interpreter: "classic", loader: "full" },
    functions: true,
    hasClock: true,
    probeRsChip: "FE310-G000",
    openOcdInterface: null,
    openOcdTarget: "board/sifive-hifive1.cfg",
  }),
  board({
    name: "netduinoplus2",
    chip: "STM32F405RG",
    cpu: "cortex-m4",
    flash: [0x08000000, 1024 * KIB],
    ram: [0x20000000, 128 * KIB],
    images: 128 * KIB,
    stack: 2048,
    wamr: { interpreter: "classic", loader: "full" },
    functions: true,
    hasClock: true,
    probeRsChip: "STM32F405RG",
    openOcdInterface: "interface/stlink.cfg",
    openOcdTarget: "target/stm32f4x.cfg",
  }),
];

/** Boards without an interpreter, smallest RAM first. */
export const NATIVE_BOARDS: readonly NativeBoard[] = [
  {
    name: "uno",
    chip: "ATmega328P",
    cpu: "atmega328p",
    machine: "arduino-uno",
    flash: { start: 0, length: 32 * KIB },
    ram: { start: 0x100, length: 2 * KIB },
  },
];

/** @throws UserError when there is no such board, or no room for an interpreter on it */
export function findBoard(name: string): Board {
  const found = BOARDS.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  if (NATIVE_BOARDS.some((candidate) => candidate.name === name))
    throw new UserError(
      `${name} has no room for an interpreter, so it takes no image: rill flash --board ${name} --native puts the guest ` +
        "into its firmware as C",
    );
  throw new UserError(
    `unknown board ${name}; the boards are ${[...BOARDS, ...NATIVE_BOARDS].map((known) => known.name).join(", ")}`,
  );
}

/** Any board, with an interpreter or without. @throws UserError when there is no such board */
export function findEmulatedBoard(name: string): EmulatedBoard {
  return NATIVE_BOARDS.find((candidate) => candidate.name === name) ?? findBoard(name);
}

/** The board's number in an image's header. */
export function idOf({ name }: Board): number {
  return boardId(name);
}

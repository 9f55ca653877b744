/**
 * Whether guests fit a board together: the firmware's code and the images in flash, and in RAM
 * what the largest guest takes, because the firmware runs one after the other. Each guest is
 * started on the board's emulator, with streams that end at once; WAMR allots nothing while items
 * pass, so its pool is then as full as it ever gets.
 */
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { type Board, IMAGE_STRIDE } from "../pack/board-table.js";
import { isFilter } from "../pack/entry-shape.js";
import { liftedFunctions } from "../pack/minify.js";
import { guestName, packBytes } from "../pack/pack-command.js";
import type { Packed } from "../pack/pack.js";
import { WasmFormatError } from "../wasm/byte-reader.js";
import { layerOf, readModule } from "../wasm/read-module.js";
import { buildFirmware, type Firmware, symbolsOf } from "./firmware.js";
import { zeroValue } from "../run/imports/zero-value.js";
import { runOnQemu } from "./qemu.js";
import { type RemoteFunctions, RemoteGuest } from "../run/remote/remote-guest.js";
import type { BoardReport } from "./serial-link.js";

/** Room of one kind, in bytes. */
export interface Room {
  readonly available: number;
  readonly used: number;
}

/** One guest on the board. */
export interface GuestFit {
  readonly name: string;
  readonly file: string;
  /** Where its image lies in flash. */
  readonly address: number;
  readonly image_bytes: number;
  /** WAMR's pool at its fullest, measured; what the image asks for where the guest did not start. */
  readonly pool_bytes: number;
  /** Why the firmware refuses it; null when it runs. */
  readonly error: string | null;
}

/** How guests fit a board. */
export interface Fit {
  readonly board: string;
  readonly fits: boolean;
  /** The guests are in a row, and live at once. */
  readonly row?: true;
  /** All RAM: the firmware's variables, its native stack, and the pool at its fullest. */
  readonly ram: Room;
  /** All flash: the firmware's code and the images. */
  readonly flash: Room;
  /** The part of flash that the firmware keeps for images, each at the start of a slot. */
  readonly images: Room;
  readonly guests: readonly GuestFit[];
}

/** Functions that answer with zeros. */
export const ZEROS: RemoteFunctions = {
  has: () => true,
  call: ({ func: { result } }) => Promise.resolve(result === null ? null : zeroValue(result, () => null)),
};

/** Finds out. @throws UserError for a file that cannot be an image */
export async function fitOn(board: Board, cores: readonly string[]): Promise<Fit> {
  const firmware = await buildFirmware(board);
  const guests: GuestFit[] = [];
  let address = board.images.start;
  let end = address;
  for (const core of cores) {
    const packed = await packAt(core, board);
    guests.push({ ...(await start(core, packed, board, firmware)), address });
    end = address + packed.image.length;
    address += Math.ceil(packed.image.length / IMAGE_STRIDE) * IMAGE_STRIDE;
  }
  const images = { available: board.images.length, used: end - board.images.start };
  const symbols = await symbolsOf(firmware);
  const code = symbols.get("__flash_used")!;
  const fixed = symbols.get("__pool_start")! - board.ram.start;
  const ram = {
    available: board.ram.length,
    used: fixed + Math.max(0, ...guests.map(({ pool_bytes: pool }) => pool)),
  };
  return {
    board: board.name,
    fits:
      images.used <= images.available &&
      ram.used <= ram.available &&
      guests.every(({ error }) => error === null),
    ram,
    flash: { available: board.flash.length, used: code + images.used },
    images,
    guests,
  };
}

/** The guest's image, where the first image lies. @throws UserError for a file that cannot be one */
export function packAt(core: string, board: Board): Promise<Packed> {
  const bytes = readInput(core);
  return packBytes(core, bytes, {
    board: board.name,
    address: board.images.start,
    call: onlyFunction(bytes),
  });
}

/**
 * The same of a guest that gets and gives nothing but streams: what is measured item by item.
 * @throws UserError for another one
 */
export async function packFilterAt(core: string, board: Board): Promise<Packed> {
  const packed = await packAt(core, board);
  if (isFilter(packed.shape) && packed.functions.length === 0) return packed;
  throw new UserError(
    `${packed.entry} takes, answers or calls more than streams: items are timed only of functions from streams to a stream`,
  );
}

/** The function that a board can start, where there is only one; else packing says which there are. */
export function onlyFunction(core: Uint8Array): string | null {
  if (layerOf(core) !== "module") return null;
  try {
    const functions = liftedFunctions(readModule(core));
    return functions.length === 1 ? functions[0]! : null;
  } catch (error) {
    if (error instanceof WasmFormatError) return null;
    throw error;
  }
}

/** Starts the guest alone on the emulated board. */
async function start(
  core: string,
  packed: Packed,
  board: Board,
  { elf }: Firmware,
): Promise<Omit<GuestFit, "address">> {
  const { image, needs, func } = packed;
  const named = { name: guestName(core), file: core, image_bytes: image.length };
  if (image.length > board.images.length) {
    const error = `its image is larger than the ${board.images.length} bytes that the firmware keeps for images`;
    return { ...named, pool_bytes: needs.pool, error };
  }
  const guest = new RemoteGuest(packed, (index) => zeroValue(func.params[index]!.type, () => null), ZEROS);
  const report = await runOnQemu({
    board,
    elf,
    images: [{ address: board.images.start, bytes: image }],
    policy: "line",
    rate: 0,
    stream: () => new Uint8Array(0),
    remote: () => guest,
  });
  const error = complaint(report);
  return { ...named, pool_bytes: report.ends[0]?.counts.peak ?? needs.pool, error };
}

/** What is wrong with a run; null when nothing is. */
export function complaint({ errors, ends }: BoardReport): string | null {
  const [error] = errors;
  if (error) return `error ${error.code} (${error.word})${error.text === "" ? "" : `: ${error.text}`}`;
  return ends.length === 0 ? "it did not end" : null;
}

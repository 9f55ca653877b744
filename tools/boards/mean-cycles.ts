/**
 * What an item of a run takes a board's core on average: the emulated board runs the image over those items,
 * and every instruction that it executes counts with the most cycles that the core's manual gives it. Memory
 * without wait states, as with the bound.
 */
import type { Board } from "../pack/board-table.js";
import type { Packed } from "../pack/pack.js";
import { timedCore } from "./core-cycles.js";
import { buildFirmware } from "./firmware.js";
import { packFilterAt } from "./fit.js";
import { countCycles } from "./instruction-trace.js";
import type { Placed } from "./qemu.js";
import type { FeedPolicy } from "./serial-link.js";

/** Cycles of one more item: of the board's run over all these items less that over their first half. */
export interface MeanCycles {
  /** Items of the longer run: as many as have room in flash, and no more than `MOST_ITEMS`. */
  readonly items: number;
  /** With every copy ready. */
  readonly ready: number;
  /** With every copy blocked. */
  readonly blocking: number;
}

/** More of them take seconds to count. */
const MOST_ITEMS = 512;
const WORD = 4;

/**
 * Measures the guest in `core` on the emulated board.
 * @param inputs the raw items of each of its streams
 * @returns null where there is no room for two items, the streams have no items, or no table has the core
 * @throws UserError for a file that cannot be an image
 */
export async function meanCyclesOn(
  board: Board,
  core: string,
  inputs: (most: number) => readonly Uint8Array[],
): Promise<MeanCycles | null> {
  const timed = timedCore(board);
  if (timed === null) return null;
  const packed = await packFilterAt(core, board);
  const placed = place(board, packed, inputs(MOST_ITEMS));
  if (placed === null) return null;
  const { items, images } = placed;
  const firmware = await buildFirmware(board, {
    defines: [`FEED_FROM_FLASH=${board.images.length - WORD}u`],
  });
  const half = Math.floor(items / 2);
  const total = async (policy: FeedPolicy, count: number): Promise<number> => {
    const run = { board, images, policy, rate: 0, items: count, stream: () => new Uint8Array(0) };
    const { cycles } = await countCycles(timed, firmware, { ...run, timeout: 300_000 });
    return Object.values(cycles).reduce((sum, part) => sum + part, 0);
  };
  const perItem = async (policy: FeedPolicy): Promise<number> =>
    Math.round(((await total(policy, items)) - (await total(policy, half))) / (items - half));
  return { items, ready: await perItem("ready"), blocking: await perItem("turns") };
}

/** The image, and behind it the items as the firmware takes them with `FEED_FROM_FLASH`. */
function place(
  board: Board,
  { image, descriptor, streams }: Packed,
  inputs: readonly Uint8Array[],
): { readonly items: number; readonly images: readonly Placed[] } | null {
  const sizes = inputs.map((_, index) => descriptor.types[streams[index]!]!.elemSize);
  const row = sizes.reduce((sum, size) => sum + size, 0);
  const { start, length } = board.images;
  const room = Math.floor((length - image.length - WORD) / row);
  const items = Math.min(room, ...inputs.map((bytes, index) => Math.floor(bytes.length / sizes[index]!)));
  if (!(items >= 2)) return null;
  const rows = Array.from({ length: items }, (_, item) =>
    inputs.map((bytes, index) => bytes.subarray(item * sizes[index]!, (item + 1) * sizes[index]!)),
  );
  const bytes = Buffer.concat(rows.flat());
  const from = Buffer.alloc(WORD);
  const at = length - WORD - bytes.length;
  from.writeUInt32LE(at);
  return {
    items,
    images: [
      { address: start, bytes: image },
      { address: start + at, bytes: Buffer.concat([bytes, from]) },
    ],
  };
}

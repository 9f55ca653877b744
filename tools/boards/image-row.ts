/**
 * Guests in a row as images, one behind the other in flash: firmware with WAMR makes an instance of each and
 * ties them, without an item in its hands (firmware/image_row.h).
 */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { refuseLong } from "../native/board-guest.js";
import { type BoardRow, refuseInputs, rowAsking, type RowGuest } from "../native/board-row.js";
import { type Board, BOARDS, IMAGE_STRIDE } from "../pack/board-table.js";
import { isCalledBack, mayWait } from "../pack/callback.js";
import type { Packed } from "../pack/pack.js";
import { readModule } from "../wasm/read-module.js";
import { guestName, packBytes } from "../pack/pack-command.js";
import { pairStreams } from "../pack/pair-places.js";
import { refuseEnds } from "../pack/image-functions.js";
import { exportedFunction, streamTypes } from "../pack/signature.js";
import { isPointerFree } from "../wit/layout.js";
import type { Placed } from "./qemu.js";

/** A byte of flash that nothing was written to. */
const ERASED = 0xff;

/** A row in flash. */
export interface ImageRow extends Pick<BoardRow, "asking" | "importers"> {
  /** In the row's order, the first where the firmware looks first. */
  readonly images: readonly Placed[];
  /** Bytes of flash from the first one's beginning to the last one's end. */
  readonly image_bytes: number;
  /** Bytes of pool that they ask for together. */
  readonly pool: number;
  /** And each. */
  readonly pools: readonly number[];
}

/**
 * Packs a row.
 * @throws UserError for what the board does not serve, CheckFailure for what it has no room for
 */
export async function packRow(guests: readonly RowGuest[], board: Board): Promise<ImageRow> {
  const row = await packUnchecked(guests, board);
  const { image_bytes: flash, pool } = row;
  checkRoom(guests, board, { pool, flash });
  return row;
}

/** The same without a look at the board's room. @throws UserError for what the board does not serve */
export async function packUnchecked(guests: readonly RowGuest[], board: Board): Promise<ImageRow> {
  if (board.functions !== true)
    throw new UserError(
      `--then: the firmware with WAMR on ${board.name} has no flash left for guests that go back to it when they wait, and runs one after the other; ` +
        `with --native they run beside each other, and on ${named(BOARDS.filter(({ functions }) => functions === true))} as images`,
    );
  refuseStreams(guests, board);
  const images: Placed[] = [];
  const all: Packed[] = [];
  const pools: number[] = [];
  let address = board.images.start;
  let pool = 0;
  for (const { source, core, world, call, piped } of guests) {
    const param = piped === null ? null : exportedFunction(world, call).params[piped]!.name;
    const packed = await packBytes(source, core, { call, world, board: board.name, address, piped: param });
    if (pairStreams(core, packed.descriptor) > 0)
      throw new UserError(
        `${source} has streams or futures both of whose ends are its own: guests of a row that are images have those of their functions alone; with --native they run`,
      );
    if (!isCalledBack(readModule(core), call) && packed.descriptor.imports.some(mayWait))
      throw new UserError(
        `${source} waits inside of its call, and guests of a row go back to their host: build it with --wait callback`,
      );
    refuseEnds(source, packed.functions, "a row");
    all.push(packed);
    images.push({ address, bytes: packed.image });
    pools.push(packed.needs.pool);
    pool += packed.needs.pool;
    address += Math.ceil(packed.image.length / IMAGE_STRIDE) * IMAGE_STRIDE;
  }
  const asking = all.map(({ encoding, functions, needs: { memory } }, index) => ({
    ...{ source: guests[index]!.source, encoding, functions, memory },
  }));
  const last = images.at(-1)!;
  const image_bytes = last.address + last.bytes.length - board.images.start;
  return { images, image_bytes, pool, pools, ...rowAsking(asking, guests.at(-1)!) };
}

/** The row as one piece of flash, from the first image on. */
export function rowBytes({ images, image_bytes }: ImageRow): Uint8Array {
  const bytes = new Uint8Array(image_bytes).fill(ERASED);
  for (const { address, bytes: image } of images) bytes.set(image, address - images[0]!.address);
  return bytes;
}

/** @throws UserError for streams that the board cannot feed, or read */
function refuseStreams(guests: readonly RowGuest[], board: Board): void {
  let inputs = 0;
  for (const [index, { source, world, call, piped }] of guests.entries()) {
    const isLast = index === guests.length - 1;
    const func = exportedFunction(world, call);
    const isInner = (at: number, count: number): boolean => at === piped || (at === count && !isLast);
    const { elements, paramCount } = streamTypes(func, isInner);
    if (!elements.every(isPointerFree))
      throw new UserError(
        `${source}: ${call} takes or gives items with strings or lists, and guests of a row that are images pass on only plain items; with --native they pass on any`,
      );
    for (const [at, type] of elements.entries())
      if (at !== piped && (at < paramCount || isLast)) refuseLong(type, call);
    inputs += paramCount - (piped === null ? 0 : 1);
  }
  refuseInputs(inputs, board);
}

/** @throws CheckFailure with the number that is too small */
function checkRoom(
  guests: readonly RowGuest[],
  { name, ram, stack, images }: Board,
  { pool, flash }: { readonly pool: number; readonly flash: number },
): void {
  const together = `${guests.map(({ source }) => guestName(source)).join(" and ")} in a row need`;
  if (pool > ram.length - stack)
    throw new CheckFailure(
      `${together} ${pool} bytes of pool, and ${name} has ${ram.length - stack} of RAM beside its native stack`,
    );
  if (flash > images.length)
    throw new CheckFailure(
      `${together} ${flash} bytes of flash, and the firmware of ${name} keeps ${images.length} for images`,
    );
}

function named(boards: readonly Board[]): string {
  const names = boards.map(({ name }) => name);
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

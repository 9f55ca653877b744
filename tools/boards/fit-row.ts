/**
 * Whether guests in a row fit a board: all live at once. As images they are started on the board's emulator,
 * with streams that end at once, as one guest is; as C they are compiled into the firmware, and what it takes
 * is read off the linked file.
 */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { boardRow } from "../native/board-row.js";
import { moreForBlocks } from "../pack/block-cache.js";
import type { Board } from "../pack/board-table.js";
import { guestName } from "../pack/pack-command.js";
import { planMeasured } from "../run/pipeline/plan-pipeline.js";
import { rowOf } from "../run/pipeline/row-of-plans.js";
import { ownInputs, type StagePlan } from "../run/pipeline/stage-plan.js";
import { buildFirmware, buildRowFirmware, type Firmware, symbolsOf } from "./firmware.js";
import { complaint, type Fit, type GuestFit, ZEROS } from "./fit.js";
import { type FitBoard, type NativeFit, nativeRowFit } from "./fit-native.js";
import { type ImageRow, packUnchecked } from "./image-row.js";
import { runOnQemu } from "./qemu.js";
import { RemoteGuest } from "../run/remote/remote-guest.js";

/** What the row is. */
export interface RowFlags {
  readonly then: readonly string[];
  readonly in?: readonly string[];
  readonly call?: string;
}

/** Finds out for images. @throws UserError for guests that are no row, or that no image can hold */
export async function fitRowOn(board: Board, core: string, flags: RowFlags): Promise<Fit> {
  const plans = plansOf(core, flags);
  const row = await packUnchecked(rowOf(plans), board);
  const firmware = await buildFirmware(board, { hasPipes: true });
  const symbols = await symbolsOf(firmware);
  const fixed = symbols.get("__pool_start")! - board.ram.start;
  const images = { available: board.images.length, used: row.image_bytes };
  const room = board.ram.length - fixed - moreForBlocks(board.blockCache);
  const started =
    images.used <= images.available && row.pool <= room ? await start(plans, row, board, firmware) : null;
  const guests = plans.map(({ corePath: file }, index): GuestFit => {
    const { address, bytes } = row.images[index]!;
    return {
      ...{ name: guestName(file), file, address, image_bytes: bytes.length, pool_bytes: row.pools[index]! },
      error: started?.errors.get(address) ?? null,
    };
  });
  const ram = {
    available: board.ram.length,
    // What is there only with a larger cache of blocks was counted when the row ran.
    used: fixed + (started?.pool ?? row.pool + moreForBlocks(board.blockCache)),
  };
  const fits =
    images.used <= images.available &&
    ram.used <= ram.available &&
    guests.every(({ error }) => error === null);
  const flash = { available: board.flash.length, used: symbols.get("__flash_used")! + images.used };
  return { board: board.name, fits, row: true, ram, flash, images, guests };
}

/** Finds out for guests as C. @throws UserError for guests that are no row, or what is not translated */
export async function fitNativeRowOn(board: FitBoard, core: string, flags: RowFlags): Promise<NativeFit> {
  const plans = plansOf(core, flags);
  const row = await boardRow(rowOf(plans), board);
  const files = plans.map(({ corePath }) => corePath);
  try {
    return await nativeRowFit(board, files, await buildRowFirmware(board, row), Object.values(row.texts));
  } catch (error) {
    // The linker has no figures of a firmware that is too large, but for the one that is too small.
    if (error instanceof CheckFailure)
      throw new CheckFailure(`these guests do not fit ${board.name}\n  ${error.message}`);
    throw error;
  }
}

function plansOf(core: string, { then, in: given = [], call }: RowFlags): readonly StagePlan[] {
  return planMeasured(core, { then, in: given, host: "board", ...(call !== undefined && { call }) });
}

/** What starting them came to: the pool at its fullest, and what is wrong with each, by its address. */
interface Started {
  readonly pool: number;
  readonly errors: ReadonlyMap<number, string>;
}

/** @returns null of a row whose first guest is fed nothing, so that it would not end */
async function start(
  plans: readonly StagePlan[],
  { images, asking }: ImageRow,
  board: Board,
  { elf }: Firmware,
): Promise<Started | null> {
  if (!ownInputs(plans[0]!).some(({ kind }) => kind === "stream")) return null;
  const guest = asking === null ? null : new RemoteGuest(asking, () => null, ZEROS);
  const report = await runOnQemu({
    ...{ board, elf, images, policy: "line", rate: 0 },
    stream: () => new Uint8Array(0),
    ...(guest !== null && { remote: () => guest }),
  });
  const peak = report.ends[0]?.counts.peak;
  const error = complaint(report);
  if (peak === undefined && error === null)
    throw new UserError(`${board.name}: the row says nothing of itself`);
  const at = report.errors[0]?.address ?? images[0]!.address;
  return {
    pool: peak ?? report.banner.pool!,
    errors: new Map(error === null ? [] : [[at, error]]),
  };
}

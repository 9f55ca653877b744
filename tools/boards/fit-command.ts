/** `rill fit`: prints whether guests fit a board together, with bars and headroom. */
import pc from "picocolors";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { visibleDocument, visibleJson } from "../errors/visible-text.js";
import { type Board, type EmulatedBoard, findBoard, findEmulatedBoard } from "../pack/board-table.js";
import { type Fit, fitOn, type Room } from "./fit.js";
import type { NativeFit } from "./fit-native.js";
import type { RowFlags } from "./fit-row.js";

/** The flags of the command. */
export interface FitFlags {
  readonly board: string;
  readonly native?: boolean;
  readonly json?: boolean;
  /** Guests that the stream of the one before goes into: they live at once. */
  readonly then?: readonly string[];
  /** Values of parameters that are no streams; without them they are zeros. */
  readonly in?: readonly string[];
  readonly call?: string;
}

/** Runs the command. @throws CheckFailure when the guests do not fit */
export async function runFit(cores: readonly string[], flags: FitFlags): Promise<void> {
  const { board, native, json } = flags;
  const row = rowFlags(cores, flags);
  if (native === true) {
    const on = findEmulatedBoard(board);
    const fit = visibleDocument(
      await (row === null ? fitNative(on, cores) : fitNativeRow(on, cores[0]!, row)),
    );
    process.stdout.write(json ? `${visibleJson(fit)}\n` : nativeFitText(fit));
    if (!fit.fits) throw new CheckFailure(nativeMisfit(fit));
    return;
  }
  const on = findBoard(board);
  const fit = visibleDocument(await (row === null ? fitOn(on, cores) : fitRow(on, cores[0]!, row)));
  process.stdout.write(json ? `${visibleJson(fit)}\n` : fitText(fit));
  if (!fit.fits) throw new CheckFailure(misfit(fit));
}

async function fitNative(board: EmulatedBoard, cores: readonly string[]): Promise<NativeFit> {
  return (await import("./fit-native.js")).fitNativeOn(board, cores);
}

async function fitNativeRow(board: EmulatedBoard, core: string, row: RowFlags): Promise<NativeFit> {
  return (await import("./fit-row.js")).fitNativeRowOn(board, core, row);
}

async function fitRow(board: Board, core: string, row: RowFlags): Promise<Fit> {
  return (await import("./fit-row.js")).fitRowOn(board, core, row);
}

/** What of the flags is a row; null without. @throws UserError for flags that would change nothing */
function rowFlags(cores: readonly string[], { then = [], in: given = [], call }: FitFlags): RowFlags | null {
  if (then.length === 0) {
    const odd = given.length > 0 ? "--in" : call === undefined ? null : "--call";
    if (odd !== null) throw new UserError(`${odd} is for guests in a row: give the others with --then`);
    return null;
  }
  if (cores.length > 1)
    throw new UserError(
      `--then: one guest stands in front, and here are ${cores.length}; say each guest behind it with --then`,
    );
  return { then, in: given, ...(call !== undefined && { call }) };
}

/** What does not fit, one line each. */
export function misfit({ board, ram, images, guests }: Fit): string {
  const over = ({ available, used }: Room): number => used - available;
  return [
    `these guests do not fit ${board}`,
    ...(over(ram) > 0 ? [`  RAM: ${over(ram)} bytes too many`] : []),
    ...(over(images) > 0 ? [`  images in flash: ${over(images)} bytes too many`] : []),
    ...guests.flatMap(({ name, error }) => (error === null ? [] : [`  ${name}: ${error}`])),
  ].join("\n");
}

const BAR_CELLS = 24;

/** The answer, a bar for each kind of room, and a line for each guest. */
export function fitText(fit: Fit): string {
  const { board, fits, ram, flash, images, guests } = fit;
  const name = Math.max(5, ...guests.map((guest) => guest.name.length));
  const number = (value: number | string): string => value.toLocaleString("en-US").padStart(9);
  return `${[
    pc.bold(`${board}: ${fits ? "fits" : "does not fit"}`),
    roomLine("RAM", ram),
    roomLine("flash", flash),
    roomLine("images", images),
    pc.dim(`  ${"guest".padEnd(name)}${number("image")}${number("pool")}  at`),
    ...guests.map(
      ({ name: own, image_bytes: image, pool_bytes: pool, address, error }) =>
        `  ${own.padEnd(name)}${number(image)}${number(pool)}  0x${address.toString(16)}${error === null ? "" : `  ${pc.red(error)}`}`,
    ),
    pc.dim(
      fit.row === true
        ? "  In a row all live at once: RAM holds them together. Each one's pool is what it asks for."
        : "  The firmware runs one guest after the other: RAM holds the largest.",
    ),
  ].join("\n")}\n`;
}

function nativeFitText({ board, fits, ram, flash, guests }: NativeFit): string {
  const name = Math.max(5, ...guests.map((guest) => guest.name.length));
  const number = (value: number | string): string => value.toLocaleString("en-US").padStart(9);
  return `${[
    pc.bold(`${board}, native: ${fits ? "fits" : "does not fit"}`),
    roomLine("RAM", ram),
    roomLine("flash", flash),
    pc.dim(`  ${"guest".padEnd(name)}${number("flash")}${number("RAM")}${number("stack")}`),
    ...guests.map(
      ({ name: own, flash_bytes: code, ram_bytes: data, stack_bytes: stack, error }) =>
        `  ${own.padEnd(name)}${number(code)}${number(data)}${number(stack ?? "open")}${error === null ? "" : `  ${pc.red(error)}`}`,
    ),
    pc.dim("  One firmware, compiled: what a guest takes of it, and the deepest chain of calls."),
  ].join("\n")}\n`;
}

/** What does not fit, one line each. */
function nativeMisfit({ board, ram, flash, guests }: NativeFit): string {
  const over = ({ available, used }: Room): number => used - available;
  return [
    `these guests do not fit ${board}`,
    ...(over(ram) > 0 ? [`  RAM: ${over(ram)} bytes too many`] : []),
    ...(over(flash) > 0 ? [`  flash: ${over(flash)} bytes too many`] : []),
    ...guests.flatMap(({ name, error }) => (error === null ? [] : [`  ${name}: ${error}`])),
  ].join("\n");
}

function roomLine(what: string, { available, used }: Room): string {
  const cells = Math.min(BAR_CELLS, Math.round((used / available) * BAR_CELLS));
  const bar =
    (used > available ? pc.red : pc.cyan)("█".repeat(cells)) + pc.dim("░".repeat(BAR_CELLS - cells));
  const rest = available - used;
  const room =
    rest >= 0
      ? `${rest.toLocaleString("en-US")} left`
      : pc.red(`${(-rest).toLocaleString("en-US")} too many`);
  return `  ${what.padEnd(7)}${bar} ${used.toLocaleString("en-US")} of ${available.toLocaleString("en-US")} B, ${room}`;
}

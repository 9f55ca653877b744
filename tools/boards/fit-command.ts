/** `rill fit`: prints whether guests fit a board together, with bars and headroom. */
import pc from "picocolors";
import { CheckFailure } from "../errors/user-error.js";
import { visibleDocument, visibleJson } from "../errors/visible-text.js";
import { findBoard, findEmulatedBoard } from "../pack/board-table.js";
import { type Fit, fitOn, type Room } from "./fit.js";
import type { NativeFit } from "./fit-native.js";

/** The flags of the command. */
export interface FitFlags {
  readonly board: string;
  readonly native?: boolean;
  readonly json?: boolean;
}

/** Runs the command. @throws CheckFailure when the guests do not fit */
export async function runFit(cores: readonly string[], { board, native, json }: FitFlags): Promise<void> {
  if (native === true) {
    const { fitNativeOn } = await import("./fit-native.js");
    const fit = visibleDocument(await fitNativeOn(findEmulatedBoard(board), cores));
    process.stdout.write(json ? `${visibleJson(fit)}\n` : nativeFitText(fit));
    if (!fit.fits) throw new CheckFailure(nativeMisfit(fit));
    return;
  }
  const fit = visibleDocument(await fitOn(findBoard(board), cores));
  process.stdout.write(json ? `${visibleJson(fit)}\n` : fitText(fit));
  if (!fit.fits) throw new CheckFailure(misfit(fit));
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
    pc.dim("  The firmware runs one guest after the other: RAM holds the largest."),
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

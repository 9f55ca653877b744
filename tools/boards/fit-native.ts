/**
 * Whether guests as C fit a board together. Each is compiled into the board's firmware; what it takes of
 * it is read off the linked file, and so is the deepest chain of calls. Of several, all are linked into
 * one firmware then, and its flash and RAM are what counts: host and drivers are there once.
 */
import { readInput } from "../files/read-input.js";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { type BoardGuest, boardGuest } from "../native/board-guest.js";
import { countedIn } from "../native/counted-calls.js";
import { stackOfElf } from "../native/stack/stack-of-elf.js";
import type { Board, EmulatedBoard } from "../pack/board-table.js";
import { checkedWorld, guestName } from "../pack/pack-command.js";
import { binutilOf } from "./board-programs.js";
import {
  buildGuestFirmware,
  buildGuestsFirmware,
  type Firmware,
  symbolsOf,
  variableBytes,
} from "./firmware.js";
import { onlyFunction, type Room } from "./fit.js";
import { pointerCalls } from "./pointer-calls.js";
import { must } from "../setup/build-tool.js";
import type { World } from "../wit/model.js";

/** One guest in the firmware. */
export interface NativeGuestFit {
  readonly name: string;
  readonly file: string;
  /** Its code and constants. */
  readonly flash_bytes: number;
  /** Its instance. */
  readonly ram_bytes: number;
  /** The firmware's deepest chain of calls with it, an interrupt on top; null where that is open. */
  readonly stack_bytes: number | null;
  /** Why it does not fit; null when it does. */
  readonly error: string | null;
}

/** How guests fit a board. */
export interface NativeFit {
  readonly board: string;
  readonly native: true;
  readonly fits: boolean;
  /** All RAM: the firmware's variables, the instances, the stack. */
  readonly ram: Room;
  readonly flash: Room;
  readonly guests: readonly NativeGuestFit[];
}

/** What a firmware takes. */
interface Taken {
  readonly flash: number;
  /** Variables, without the stack. */
  readonly variables: number;
}

/** A guest in a firmware of its own. */
interface Alone extends Taken {
  readonly guest: NativeGuestFit;
  readonly input: GuestFile;
}

interface GuestFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly world: World;
  readonly call: string;
}

/** The functions and constants of a guest's C, by the names that it gives them. */
const OF_GUEST = /^(?:f\d+(?:_counted)?|through_table_\w+|data\d+|plan\d+|guest\d*_\w+)(?:\..*)?$/;
/** A guest's instance; of one in a row with its number, and what is there for it alone beside it. */
const OF_INSTANCE = /^(?:instance\d*|(?:ends|streams|tasks|task|arguments|room|space)\d+)(?:\..*)?$/;
/** Functions that interrupts call, where no table of vectors is an object. */
const HANDLERS = /^(?:riscv_on_trap|__vector_\d+)$/;

/** Finds out. @throws UserError for what a board does not run, or without a compiler */
export async function fitNativeOn(board: FitBoard, cores: readonly string[]): Promise<NativeFit> {
  const all: Alone[] = [];
  for (const core of cores) all.push(await alone(board, core));
  const together = await takenTogether(board, all);
  const deepest = all.map(({ guest }) => guest.stack_bytes ?? board.stack ?? 0);
  const flash = { available: board.flash.length - (board.images?.length ?? 0), used: together.flash };
  const ram = { available: board.ram.length, used: together.variables + Math.max(...deepest) };
  const guests = all.map(({ guest }) => guest);
  const fits =
    flash.used <= flash.available && ram.used <= ram.available && guests.every(({ error }) => error === null);
  return { board: board.name, native: true, fits, ram, flash, guests };
}

/** A board; one without an interpreter keeps no room for images or for the stack. */
export type FitBoard = EmulatedBoard & Partial<Pick<Board, "images" | "stack">>;

/** What one firmware with all of them takes. */
async function takenTogether(board: FitBoard, all: readonly Alone[]): Promise<Taken> {
  const [first, ...others] = all as readonly [Alone, ...Alone[]];
  if (others.length === 0) return first;
  const guests: BoardGuest[] = [];
  for (const [place, { input }] of all.entries())
    guests.push(await boardGuest(input.path, input.bytes, input.world, input.call, board, place));
  try {
    return await takenBy(await buildGuestsFirmware(board, guests));
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    // The linker has no numbers of a firmware that is too large: what each takes is added up.
    const sum = (of: (one: Alone) => number): number => all.reduce((total, one) => total + of(one), 0);
    const beside = (of: (one: Alone) => number): number => Math.max(...all.map(of));
    return {
      flash: sum(({ guest }) => guest.flash_bytes) + beside(({ flash, guest }) => flash - guest.flash_bytes),
      variables:
        sum(({ guest }) => guest.ram_bytes) + beside(({ variables, guest }) => variables - guest.ram_bytes),
    };
  }
}

async function takenBy(firmware: Firmware): Promise<Taken> {
  const symbols = await symbolsOf(firmware);
  const isAvr = firmware.board.cpu === "atmega328p";
  return {
    flash: symbols.get("__flash_used")!,
    variables: isAvr ? variableBytes(symbols) : symbols.get("__bss_stop")! - symbols.get("__stack_top")!,
  };
}

async function alone(board: FitBoard, path: string): Promise<Alone> {
  const bytes = readInput(path);
  const world = checkedWorld(path, bytes);
  const call = onlyFunction(bytes);
  if (call === null) throw new UserError(`${path} exports several functions, and a board starts one`);
  const guest = await boardGuest(path, bytes, world, call, board);
  const firmware = await buildGuestFirmware(board, guest);
  return {
    guest: await fitOf(board, path, firmware, guest.source),
    input: { path, bytes, world, call },
    ...(await takenBy(firmware)),
  };
}

/** Guests in a row: one line for all of them, whose functions and variables have the same names. */
export async function nativeRowFit(
  board: FitBoard,
  files: readonly string[],
  firmware: Firmware,
  sources: readonly string[],
): Promise<NativeFit> {
  const whole = await fitOf(board, files[0]!, firmware, sources.join("\n"));
  const taken = await takenBy(firmware);
  const guest = { ...whole, name: files.map(guestName).join("+"), file: files.join(" --then ") };
  const flash = { available: board.flash.length - (board.images?.length ?? 0), used: taken.flash };
  const ram = {
    available: board.ram.length,
    used: taken.variables + (guest.stack_bytes ?? board.stack ?? 0),
  };
  const fits = flash.used <= flash.available && ram.used <= ram.available && guest.error === null;
  return { board: board.name, native: true, fits, ram, flash, guests: [guest] };
}

/** What the guest takes of its firmware. @param source its C */
async function fitOf(
  board: FitBoard,
  path: string,
  firmware: Firmware,
  source: string,
): Promise<NativeGuestFit> {
  const sizes = await sizesOf(board, firmware.elf);
  const size = (isMeant: (name: string) => boolean): number =>
    sizes.filter(([name]) => isMeant(name)).reduce((total, [, bytesOf]) => total + bytesOf, 0);
  const objdump = await binutilOf(board, "objdump");
  const counted = countedIn(source);
  const stack = await stackOfElf(objdump, firmware.elf, {
    vectors: "vectors",
    interrupts: HANDLERS,
    mayCall: await pointerCalls(firmware),
    ...(counted !== null && { counted }),
  });
  const root = stack.functions.some(({ name }) => name === "rill_reset") ? "rill_reset" : "main";
  const { bytes: deepest, open } = stack.withInterrupts(root);
  const error =
    deepest === null
      ? `its stack is open: ${open!}`
      : deepest > (board.stack ?? Infinity)
        ? `its stack of ${deepest} bytes is more than the ${board.stack} that the firmware keeps`
        : null;
  return {
    name: guestName(path),
    file: path,
    flash_bytes: size((name) => OF_GUEST.test(name)),
    ram_bytes: size((name) => OF_INSTANCE.test(name)),
    stack_bytes: deepest,
    error,
  };
}

/** Bytes of the program's functions and objects, by name. */
async function sizesOf(board: EmulatedBoard, elf: string): Promise<(readonly [string, number])[]> {
  const nm = await binutilOf(board, "nm");
  return [...(await must(nm, ["-S", elf])).matchAll(/^[\da-f]+ ([\da-f]+) \w (\S+)$/gm)].map(
    ([, bytes, name]) => [name!, Number.parseInt(bytes!, 16)] as const,
  );
}

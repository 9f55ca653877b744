/**
 * Whether guests as C fit a board together. Each is compiled into the board's firmware; what it takes of
 * it is read off the linked file, and so is the deepest chain of calls. In one firmware, host and
 * drivers are there once.
 */
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { boardGuest } from "../native/board-guest.js";
import { countedIn } from "../native/measure/measure-native.js";
import { stackOfElf } from "../native/stack/stack-of-elf.js";
import type { Board } from "../pack/board-table.js";
import { checkedWorld, guestName } from "../pack/pack-command.js";
import { binutilOf } from "./board-programs.js";
import { buildGuestFirmware, symbolsOf } from "./firmware.js";
import { onlyFunction, type Room } from "./fit.js";
import { must } from "../setup/build-tool.js";

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

/** A guest in a firmware of its own. */
interface Alone {
  readonly guest: NativeGuestFit;
  readonly flash: number;
  /** Variables, without the stack. */
  readonly variables: number;
}

/** The functions and constants of a guest's C, by the names that it gives them. */
const OF_GUEST = /^(?:f\d+(?:_counted)?|through_table_\w+|data\d+|plan\d+|guest_\w+)(?:\..*)?$/;
/** Functions that interrupts call, where no table of vectors is an object. */
const HANDLERS = /^(?:riscv_on_trap|__vector_\d+)$/;

/** Finds out. @throws UserError for what a board does not run, or without a compiler */
export async function fitNativeOn(board: Board, cores: readonly string[]): Promise<NativeFit> {
  const all: Alone[] = [];
  for (const core of cores) all.push(await alone(board, core));
  const sum = (of: (guest: NativeGuestFit) => number): number =>
    all.reduce((total, { guest }) => total + of(guest), 0);
  const flash = {
    available: board.flash.length - board.images.length,
    used:
      sum((guest) => guest.flash_bytes) + Math.max(...all.map((one) => one.flash - one.guest.flash_bytes)),
  };
  const ram = {
    available: board.ram.length,
    used:
      sum((guest) => guest.ram_bytes) +
      Math.max(...all.map((one) => one.variables - one.guest.ram_bytes)) +
      Math.max(...all.map((one) => one.guest.stack_bytes ?? board.stack)),
  };
  const guests = all.map(({ guest }) => guest);
  const fits =
    flash.used <= flash.available && ram.used <= ram.available && guests.every(({ error }) => error === null);
  return { board: board.name, native: true, fits, ram, flash, guests };
}

async function alone(board: Board, path: string): Promise<Alone> {
  const bytes = readInput(path);
  const world = await checkedWorld(path, bytes);
  const call = onlyFunction(bytes);
  if (call === null) throw new UserError(`${path} exports several functions, and a board starts one`);
  const guest = boardGuest(path, bytes, world, call, board);
  const firmware = await buildGuestFirmware(board, guest);
  const symbols = await symbolsOf(firmware);
  const sizes = await sizesOf(board, firmware.elf);
  const size = (isMeant: (name: string) => boolean): number =>
    sizes.filter(([name]) => isMeant(name)).reduce((total, [, bytesOf]) => total + bytesOf, 0);
  const objdump = await binutilOf(board, "objdump");
  const counted = countedIn(guest.texts["guest.c"]!);
  const stack = await stackOfElf(objdump, firmware.elf, {
    vectors: "vectors",
    interrupts: HANDLERS,
    ...(counted !== null && { counted }),
  });
  const root = stack.functions.some(({ name }) => name === "rill_reset") ? "rill_reset" : "main";
  const { bytes: deepest, open } = stack.withInterrupts(root);
  const error =
    deepest === null
      ? `its stack is open: ${open!}`
      : deepest > board.stack
        ? `its stack of ${deepest} bytes is more than the ${board.stack} that the firmware keeps`
        : null;
  return {
    guest: {
      name: guestName(path),
      file: path,
      flash_bytes: size((name) => OF_GUEST.test(name)),
      ram_bytes: size((name) => name === "instance"),
      stack_bytes: deepest,
      error,
    },
    flash: symbols.get("__flash_used")!,
    variables: symbols.get("__bss_stop")! - symbols.get("__stack_top")!,
  };
}

/** Bytes of the program's functions and objects, by name. */
async function sizesOf(board: Board, elf: string): Promise<(readonly [string, number])[]> {
  const nm = await binutilOf(board, "nm");
  return [...(await must(nm, ["-S", elf])).matchAll(/^[\da-f]+ ([\da-f]+) \w (\S+)$/gm)].map(
    ([, bytes, name]) => [name!, Number.parseInt(bytes!, 16)] as const,
  );
}

/** What a script of the specification's tests asks of translated modules, and whether answers are right. */
import { join } from "node:path";
import type { Command, ScriptValue, SpecScript } from "./spec-scripts.js";
import type { Order, Outcome, Translation } from "./translated-modules.js";

/** What the tests' own host has that returns nothing. */
export const SPECTEST = [
  "print",
  "print_i32",
  "print_i64",
  "print_f32",
  "print_f64",
  "print_i32_f32",
  "print_f64_f64",
].map((name) => `spectest.${name}`);

/** Scripts on what a translated guest does not do: its memory never grows. */
export const LEFT_OUT = ["memory_grow", "memory_size"];

/** Whether it was asked for the old size of a memory that did not grow. */
export function didNotGrow({ action }: Command, outcome: Outcome): boolean {
  return /grow|as-memory/.test(action?.field ?? "") && "cells" in outcome && outcome.cells[0] === 0xffffffffn;
}

/** A command of a script, and what a program is told for it. */
export interface Asked {
  readonly command: Command;
  readonly order: Order;
}

/** Where modules of scripts become a program's. */
export interface Translations {
  /** All of the program. */
  readonly all: readonly Translation[];
  /** Adds the module in a file. @returns its number; null when it is not translated */
  readonly add: (path: string) => number | null;
  /** Whether a module that was not translated shared something with others. */
  readonly isSharing: () => boolean;
}

/** What a script asks. */
export function ordersOf({ folder, commands }: SpecScript, { all, add, isSharing }: Translations): Asked[] {
  const asked: Asked[] = [];
  const named = new Map<string, number | null>();
  /** Modules before this one share something with one that is not translated. */
  let shared = all.length;
  let current: number | null = null;
  for (const command of commands) {
    if (command.type === "module") {
      if (!command.filename!.endsWith(".wasm")) {
        current = null; // text that is no module of its own
        continue;
      }
      current = add(join(folder, command.filename!));
      if (current === null && isSharing()) shared = all.length;
      if (command.name !== undefined) named.set(command.name, current);
      if (current !== null) asked.push({ command, order: { module: current } });
      continue;
    }
    // What does not come to be may have changed what it shares.
    if (command.type === "assert_uninstantiable") shared = all.length;
    const { action } = command;
    if (action?.type !== "invoke") continue;
    const module = action.module === undefined ? current : (named.get(action.module) ?? null);
    if (module === null || module < shared) continue;
    const call = all[module]!.exports.indexOf(action.field);
    if (call < 0) continue; // an export of what another module has
    const cells = (action.args ?? []).map(cellOf);
    asked.push({ command, order: { module, call, cells } });
  }
  return asked;
}

function cellOf({ type, value }: ScriptValue): bigint {
  return BigInt.asUintN(type.endsWith("32") ? 32 : 64, BigInt(value!));
}

/** What is wrong with the answer to a command; null when it is as expected. */
export function failureOf({ type, expected, text }: Command, outcome: Outcome): string | null {
  const told =
    "trap" in outcome ? `trap: ${outcome.trap}` : outcome.cells.map((cell) => cell.toString(16)).join(" ");
  switch (type) {
    case "module":
    case "action":
      return "trap" in outcome ? told : null;
    case "assert_trap":
    case "assert_exhaustion":
      return "trap" in outcome && (text!.startsWith(outcome.trap) || outcome.trap.startsWith(text!))
        ? null
        : `${told}, expected trap: ${text}`;
    default:
      return "cells" in outcome && expected!.every((value, index) => isExpected(value, outcome.cells[index]!))
        ? null
        : `${told}, expected ${JSON.stringify(expected)}`;
  }
}

/** Whether a result is as expected: of a NaN its quiet bit counts, and what is canonical has nothing else. */
function isExpected({ type, value }: ScriptValue, cell: bigint): boolean {
  if (value !== "nan:canonical" && value !== "nan:arithmetic")
    return cellOf({ type, value: value! }) === cell;
  const quiet = type === "f32" ? 0x7fc00000n : 0x7ff8000000000000n;
  const magnitude = BigInt.asUintN(type === "f32" ? 31 : 63, cell);
  return value === "nan:canonical" ? magnitude === quiet : (magnitude & quiet) === quiet;
}

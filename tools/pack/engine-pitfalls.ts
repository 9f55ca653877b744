/**
 * What is valid WebAssembly and yet goes wrong on WAMR as boards build it. Our own build proves these away; a module from
 * elsewhere is checked here, before it goes into an image.
 */
import { FactWalker } from "../report/analysis/function-facts.js";
import type { CoreModule } from "../report/binary/core-module.js";
import { functionSpace } from "../report/binary/function-space.js";

/** The exports from which the interpreter takes how little memory the guest needs. */
const BOUNDS = ["__heap_base", "__data_end"] as const;

/** Why `module` must not run on a board's interpreter; null when nothing speaks against it. */
export function enginePitfall(module: CoreModule): string | null {
  return growth(module) ?? bounds(module) ?? stackGuess(module);
}

/** With either instruction the interpreter keeps whole pages of 64 KiB. */
function growth(module: CoreModule): string | null {
  const functions = functionSpace(module);
  const walker = new FactWalker(module, functions);
  const found = functions
    .filter(({ code }) => code !== null)
    .map((info) => walker.walk(info))
    .find(({ grows, memorySizes }) => grows.length > 0 || memorySizes > 0);
  if (found === undefined) return null;
  const what = found.grows.length > 0 ? "memory.grow" : "memory.size";
  return `it uses ${what}, so the interpreter would give it whole pages of 65,536 bytes`;
}

/** The bounds count only when they cannot change. */
function bounds(module: CoreModule): string | null {
  for (const name of BOUNDS) {
    const found = module.exports.find((entry) => entry.name === name && entry.kind === "global");
    const global = found === undefined ? undefined : module.globals[found.index];
    if (global !== undefined && !global.mutable && global.type === "i32" && global.initial.value !== null)
      continue;
    return `it exports no constant i32 global ${name}, so the interpreter would give it whole pages of 65,536 bytes`;
  }
  return null;
}

/** The interpreter takes the first such global for a stack pointer and traps when it leaves the bounds of a stack. */
function stackGuess(module: CoreModule): string | null {
  const base = module.exports.find(({ name, kind }) => name === "__heap_base" && kind === "global");
  const limit = module.globals[base?.index ?? -1]?.initial.value ?? 0n;
  const guessed = module.globals.findIndex(
    ({ mutable, type, initial }) =>
      mutable &&
      type === "i32" &&
      initial.value !== null &&
      initial.value !== 0n &&
      BigInt.asUintN(32, initial.value) <= BigInt.asUintN(32, limit),
  );
  return guessed < 0
    ? null
    : `the interpreter would take its global ${String(guessed)}, which starts at ` +
        `${String(module.globals[guessed]!.initial.value)}, for a stack pointer; let it start at 0`;
}

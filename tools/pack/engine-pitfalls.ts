/**
 * What is valid WebAssembly and yet goes wrong on WAMR as boards build it. Our own build proves these away; a
 * module from elsewhere is checked here, before it goes into an image.
 */
import { FactWalker } from "../analysis/function-facts.js";
import type { CoreModule } from "../wasm/core-module.js";
import { functionSpace } from "../wasm/function-space.js";

/** The interpreter rounds the end of data up to this. */
const DATA_ALIGNMENT = 16;

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

/**
 * The bounds count only when they cannot change, and when the data ends, rounded
 * up to 16, at the heap's base or before.
 */
function bounds(module: CoreModule): string | null {
  const values: number[] = [];
  for (const name of BOUNDS) {
    const value = constant(module, name);
    if (value === null)
      return `it exports no constant i32 global ${name}, so the interpreter would give it whole pages of 65,536 bytes`;
    values.push(value);
  }
  const [base, end] = values as [number, number];
  if (Math.ceil(end / DATA_ALIGNMENT) * DATA_ALIGNMENT <= base) return null;
  return (
    `its __heap_base, ${base}, is below its __data_end, ${end}, rounded up to a multiple of 16, ` +
    "so the interpreter would give it whole pages of 65,536 bytes"
  );
}

/** The value of an exported i32 global that never changes. */
function constant(module: CoreModule, name: string): number | null {
  const found = module.exports.find((entry) => entry.name === name && entry.kind === "global");
  const global = found === undefined ? undefined : module.globals[found.index];
  if (global === undefined || global.mutable || global.type !== "i32" || global.initial.value === null)
    return null;
  return Number(BigInt.asUintN(32, global.initial.value));
}

/**
 * The interpreter takes the first such global for a stack pointer and traps when
 * it leaves the bounds of a stack.
 */
function stackGuess(module: CoreModule): string | null {
  const limit = constant(module, "__heap_base") ?? 0;
  const guessed = module.globals.findIndex(
    ({ mutable, type, initial }) =>
      mutable &&
      type === "i32" &&
      initial.value !== null &&
      initial.value !== 0n &&
      BigInt.asUintN(32, initial.value) <= limit,
  );
  return guessed < 0
    ? null
    : `the interpreter would take its global ${guessed}, which starts at ` +
        `${module.globals[guessed]!.initial.value}, for a stack pointer; let it start at 0`;
}

/**
 * What the walk over a function knows of a value: a constant (0 and above), where it
 * comes from (below 0), or nothing (NaN).
 *
 * A compiler's stack pointer has no mark in the binary; how code uses it tells. LLVM's code
 * takes a global's value, lowers it by a multiple of 16, and uses what comes out as an address:
 * such a value is in a frame of that global.
 */
import { Op } from "../wasm/opcodes.js";
import { UNKNOWN } from "./value-stack.js";

const ALIGNMENT = 16;

/** The value of global `index` at the start of the function. */
export function topOf(index: number): number {
  return -1 - 2 * index;
}

function frameOf(index: number): number {
  return -2 - 2 * index;
}

function isTop(value: number): boolean {
  return value < 0 && -value % 2 === 1;
}

/** The global in whose frame the value is; null for any other value. */
export function frameGlobal(value: number): number | null {
  return value < 0 && -value % 2 === 0 ? -value / 2 - 1 : null;
}

/** The value without what is no constant. */
export function constantOf(value: number): number {
  return value >= 0 ? value : UNKNOWN;
}

/** What the instruction `opcode` makes of two values, `y` the upper one. */
export function combine(opcode: number, x: number, y: number): number {
  switch (opcode) {
    case Op.I32_ADD:
      return x >= 0 && y >= 0 ? (x + y) % 2 ** 32 : sum(x, y, (y | 0) === y - 2 ** 32 ? y | 0 : y);
    case Op.I64_ADD:
      return x >= 0 && y >= 0 ? x + y : sum(x, y, y);
    case Op.I32_SUB:
    case Op.I64_SUB:
      return isTop(x) ? lowered(x, y) : frameGlobal(x) === null ? UNKNOWN : x;
    default:
      // A mask keeps a frame aligned.
      return frameGlobal(x) !== null ? x : frameGlobal(y) !== null ? y : UNKNOWN;
  }
}

/** `signed` is the constant above with its sign: some optimisers add the negative instead of subtracting. */
function sum(x: number, y: number, signed: number): number {
  if (isTop(x) && signed < 0) return lowered(x, -signed);
  if (frameGlobal(x) !== null) return x;
  return frameGlobal(y) !== null ? y : UNKNOWN;
}

function lowered(top: number, by: number): number {
  const isFrame = Number.isNaN(by) || (by > 0 && by % ALIGNMENT === 0);
  return isFrame ? frameOf((-top - 1) / 2) : UNKNOWN;
}

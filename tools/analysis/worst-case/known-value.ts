/** i32 arithmetic on values that are known, or not. */
import { NAMES } from "../../wasm/opcodes.js";

/** An i32 with its sign; undefined where nobody knows, and for every other type. */
export type Known = number | undefined;

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  "i32.eqz": (x) => Number(x === 0),
  "i32.extend8_s": (x) => (x << 24) >> 24,
  "i32.extend16_s": (x) => (x << 16) >> 16,
};

const BINARY: Readonly<Record<string, (x: number, y: number) => number>> = {
  "i32.eq": (x, y) => Number(x === y),
  "i32.ne": (x, y) => Number(x !== y),
  "i32.lt_s": (x, y) => Number(x < y),
  "i32.gt_s": (x, y) => Number(x > y),
  "i32.le_s": (x, y) => Number(x <= y),
  "i32.ge_s": (x, y) => Number(x >= y),
  "i32.lt_u": (x, y) => Number(x >>> 0 < y >>> 0),
  "i32.gt_u": (x, y) => Number(x >>> 0 > y >>> 0),
  "i32.le_u": (x, y) => Number(x >>> 0 <= y >>> 0),
  "i32.ge_u": (x, y) => Number(x >>> 0 >= y >>> 0),
  "i32.add": (x, y) => (x + y) | 0,
  "i32.sub": (x, y) => (x - y) | 0,
  "i32.mul": (x, y) => Math.imul(x, y),
  "i32.and": (x, y) => x & y,
  "i32.or": (x, y) => x | y,
  "i32.xor": (x, y) => x ^ y,
  "i32.shl": (x, y) => x << y,
  "i32.shr_s": (x, y) => x >> y,
  "i32.shr_u": (x, y) => (x >>> y) | 0,
};

/** What `opcode` makes of its operands. */
export function known(opcode: number, operands: readonly Known[]): Known {
  const name = NAMES[opcode] ?? "";
  const [x, y] = operands;
  if (x === undefined) return undefined;
  if (operands.length === 1) return UNARY[name]?.(x);
  return y === undefined ? undefined : BINARY[name]?.(x, y);
}

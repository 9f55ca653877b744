/**
 * What counts as an instruction: what Wasmtime counts as fuel. `block`, `loop`, `else`, `end`, `nop`, `drop`,
 * `return` and `unreachable` are free; every other instruction costs one, and so does entering a function.
 */
import { Op } from "../wasm/opcodes.js";

const NOP = 0x01;
const FREE = new Set<number>([NOP, Op.UNREACHABLE, Op.BLOCK, Op.LOOP, Op.ELSE, Op.END, Op.DROP, Op.RETURN]);

/** Cost of entering a function. */
export const ENTRY_COST = 1;

/** Cost of one instruction. */
export function costOf(opcode: number): number {
  return FREE.has(opcode) ? 0 : 1;
}

/**
 * Where a run of instructions ends that are executed one after the other or not at all:
 * what both counters of instructions go by.
 */
import { Op } from "./opcodes.js";

const [THROW, RETHROW, THROW_REF] = [0x08, 0x09, 0x0a];

const LEAVES = new Set<number>([
  Op.UNREACHABLE,
  Op.BR,
  Op.BR_TABLE,
  Op.RETURN,
  Op.RETURN_CALL,
  Op.RETURN_CALL_INDIRECT,
  Op.RETURN_CALL_REF,
  THROW,
  RETHROW,
  THROW_REF,
]);
const JOINS = new Set<number>([Op.ELSE, Op.END, Op.CATCH, Op.CATCH_ALL, Op.DELEGATE]);
const SPLITS = new Set<number>([Op.LOOP, Op.IF, Op.BR_IF, Op.TRY, Op.TRY_TABLE]);

/** Whether nothing behind the instruction runs before the next `else`, `end`, `catch` or `delegate`. */
export function leaves(opcode: number): boolean {
  return LEAVES.has(opcode);
}

/** Whether what follows the instruction is come to from elsewhere too. */
export function joins(opcode: number): boolean {
  return JOINS.has(opcode);
}

/** Whether a run ends with the instruction: what follows may be executed without it, or not after it. */
export function endsRun(opcode: number): boolean {
  return LEAVES.has(opcode) || JOINS.has(opcode) || SPLITS.has(opcode);
}

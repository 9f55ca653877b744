/**
 * The frames that WAMR 2.4's interpreters keep on their operand stack, on a 32-bit machine. Those of
 * functions are computed for the classic one; for the fast one its loader has to be asked.
 * Spec: WAMR core/iwasm/interpreter/wasm_interp.h (WASMInterpFrame), wasm_interp_classic.c
 */
import type { FunctionInfo } from "../wasm/function-space.js";
import type { FunctionFacts } from "./function-facts.js";
import { cellsOfType } from "./value-stack.js";

const CELL_BYTES = 4;
/** `offsetof(WASMInterpFrame, lp)`: nine pointers. */
const CLASSIC_HEADER_BYTES = 36;
/** `offsetof(WASMInterpFrame, operand)`: five words. */
const FAST_HEADER_BYTES = 20;
/** `sizeof(WASMBranchBlock)` in cells: three pointers and a count. */
const BRANCH_BLOCK_CELLS = 4;
/** Frames of imports and of the entry hold at least this many cells, for the results. */
const LEAST_NATIVE_CELLS = 2;

/** Bytes of the frame in front of a function that the host calls, by the cells of its results. */
export const classicEntryFrame = entryFrame(CLASSIC_HEADER_BYTES);
/** The same on the fast interpreter. */
export const fastEntryFrame = entryFrame(FAST_HEADER_BYTES);

function entryFrame(headerBytes: number): (resultCells: number) => number {
  return (resultCells) => headerBytes + Math.max(resultCells, LEAST_NATIVE_CELLS) * CELL_BYTES;
}

/** Bytes of the frame of `info`: of a defined function by its `facts`; null when they are incomplete. */
export function classicFrame(info: FunctionInfo, facts: FunctionFacts | undefined): number | null {
  if (info.import) {
    const cells = info.signature.params.reduce((sum, type) => sum + cellsOfType(type), 0);
    return CLASSIC_HEADER_BYTES + Math.max(cells, LEAST_NATIVE_CELLS) * CELL_BYTES;
  }
  if (!facts || facts.unsupported !== null) return null;
  const cells = facts.paramCells + facts.localCells + facts.stackCells + facts.blocks * BRANCH_BLOCK_CELLS;
  return CLASSIC_HEADER_BYTES + cells * CELL_BYTES;
}

/**
 * Which blocks no task has. Two ways: a stack of their addresses in one global, the next one to take in the
 * lowest bits; where they do not fit into it, or where functions that are no task's need a block too, a list.
 *
 *     stack   │ first │ second │ … │ last │    0 when no block is free
 *
 * A block of the list has the link to the next one in its word `next`, counted from the block behind it, so
 * that a list in their order is all zero. The end of the list is the block behind those of tasks.
 * Backpressure is raised exactly while no block is free.
 * Spec: CanonicalABI.md, canon context.set, canon backpressure.inc
 */
import { LOWER, RAISE } from "../backpressure.js";
import { parseAll } from "../module-parts.js";
import { type Form, type Node, headOf, rewriteInside } from "../passes/s-expression.js";
import { CONTEXT_SET, FREE, TASK } from "./callback-module.js";

/** What stands for each of these until blocks have their places: calls of no function. */
export const FreeBlock = {
  /** A task takes a block, and has it as its context. */
  TAKE: "$rill_take_block",
  /** It gives the block back. */
  GIVE: "$rill_give_block",
  /** The value of TASK for what is no task's. */
  BORROW: "$rill_borrow_block",
} as const;

/** Code for the blocks that no task has. */
export interface FreeBlocks {
  /** Globals of its own. */
  readonly globals: readonly Form[];
  readonly take: () => Form[];
  readonly give: () => Form[];
  /** Null where nothing but a task has a block. */
  readonly borrow: (() => Form) | null;
}

/** Puts that code where FreeBlock stands in `module`. */
export function placeFreeBlocks(module: Form, { globals, take, give, borrow }: FreeBlocks): void {
  const made = new Map<Node, () => Form>([
    [FreeBlock.TAKE, () => ({ items: ["block", ...take()] })],
    [FreeBlock.GIVE, () => ({ items: ["block", ...give()] })],
  ]);
  if (borrow) made.set(FreeBlock.BORROW, borrow);
  rewriteInside(module, (form) => (headOf(form) === "call" ? (made.get(form.items[1]!)?.() ?? form) : form));
  module.items.push(...globals);
}

/** Where blocks lie. */
export interface Blocks {
  readonly address: number;
  readonly bytes: number;
  readonly tasks: number;
}

/** Bits of an address in the stack: wasm has instructions that extend a number of so many with its sign. */
const WIDTHS = [8, 16] as const;

/**
 * A stack of free blocks.
 * @param bias from a block's begin to what TASK has: the more, the less is left to be added
 * @returns null when the blocks' addresses do not fit
 */
export function freeStack({ address, bytes, tasks }: Blocks, bias: number): FreeBlocks | null {
  const own = Array.from({ length: tasks }, (_, index) => address + bias + bytes * index);
  const width = WIDTHS.find((bits) => own.at(-1)! < 2 ** (bits - 1));
  if (width === undefined || width * tasks > 64) return null;
  const isWide = width * tasks > 32;
  const type = isWide ? "i64" : "i32";
  const stack = own.reduce((above, each) => (above << BigInt(width)) | BigInt(each), 0n);
  const lowest = `(i32.extend${width}_s ${isWide ? `(i32.wrap_i64 (global.get ${FREE}))` : `(global.get ${FREE})`})`;
  const task = isWide ? `(i64.extend_i32_u (global.get ${TASK}))` : `(global.get ${TASK})`;
  const shifted = (how: string): string => `(${type}.${how} (global.get ${FREE}) (${type}.const ${width}))`;
  const whenNoneIsFree = (change: string): string =>
    `(if (${type}.eqz (global.get ${FREE})) (then (call ${change})))`;
  return {
    globals: parseAll(`(global ${FREE} (mut ${type}) (${type}.const ${stack}))`),
    take: () =>
      parseAll(`
(global.set ${TASK} ${lowest})
(call ${CONTEXT_SET} (global.get ${TASK}))
(global.set ${FREE} ${shifted("shr_u")})
${whenNoneIsFree(RAISE)}`),
    give: () =>
      parseAll(`
${whenNoneIsFree(LOWER)}
(global.set ${FREE} (${type}.or ${shifted("shl")} ${task}))`),
    borrow: null,
  };
}

/**
 * A list of free blocks. TASK counts from the first one, so that it starts at 0: WAMR takes a global that
 * starts at an address for a stack pointer.
 * @param next from a block's begin to its link, in bytes
 */
export function freeList({ address, bytes, tasks }: Blocks, next: number): FreeBlocks {
  const link = `(i32.add (global.get ${TASK}) (i32.const ${address + next}))`;
  const behind = `(i32.add (global.get ${TASK}) (i32.const ${bytes}))`;
  const whenNoneIsFree = (change: string): string =>
    `(if (i32.eq (global.get ${FREE}) (i32.const ${bytes * tasks})) (then (call ${change})))`;
  return {
    globals: parseAll(`(global ${FREE} (mut i32) (i32.const 0))`),
    take: () =>
      parseAll(`
(global.set ${TASK} (global.get ${FREE}))
(global.set ${FREE} (i32.add (i32.load ${link}) ${behind}))
(call ${CONTEXT_SET} (global.get ${TASK}))
${whenNoneIsFree(RAISE)}`),
    give: () =>
      parseAll(`
${whenNoneIsFree(LOWER)}
(i32.store ${link} (i32.sub (global.get ${FREE}) ${behind}))
(global.set ${FREE} (global.get ${TASK}))`),
    borrow: () => parseAll(`(global.get ${FREE})`)[0]!,
  };
}

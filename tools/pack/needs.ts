/**
 * How much memory a module takes on a board, worked out from what is in it.
 *
 * The interpreter allocates a fixed part for a module, an instance and an execution environment, and a part
 * for each type, import, function, export and global. The numbers were measured on 32-bit WAMR 2.4.3 (classic
 * interpreter, as the boards have it, with the smallest cache of blocks; the fast one makes code of its own
 * and takes more) and rounded up; `npm run bench:boards` checks that what is stated here covers what is used.
 */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { buildCallGraph } from "../analysis/call-graph.js";
import { findReentry, type LowersPointers } from "../analysis/reentry.js";
import { FactWalker } from "../analysis/function-facts.js";
import type { CoreModule } from "../wasm/core-module.js";
import { functionSpace } from "../wasm/function-space.js";
import { stackNeeds } from "../analysis/stack-needs.js";
import type { ImageFunctions, ImageNeeds } from "./image.js";

/** Bytes, blocks' headers included. */
const COST = {
  fixed: 1500,
  type: 40,
  import: 64,
  functionCode: 96,
  export: 40,
  global: 48,
  dataSegment: 60,
  /** Of version 2; the fixed part has as many as a filter needs. */
  handle: 20,
  /** A call of an imported async function that goes on. */
  call: 88,
  /** A stream or future that the host holds for the guest: its end, its place among the streams. */
  end: 40,
  /** An item on its way, and the streams of the entry. */
  ends: 104,
  /** A block's header, and its rounding. */
  block: 16,
} as const;

const WORD = 8;

/** What a guest of an image of version 2 needs on top. */
export interface MoreNeeds extends Pick<ImageFunctions, "words" | "handles" | "calls" | "ends"> {
  /** Whether the computer lowers strings or lists while the guest is in this import. */
  readonly lowersPointers: LowersPointers;
}

/**
 * What the image's header states; what the builder has `stated` stands.
 * @throws UserError for a pool that the guest does not fit into
 */
export function needsOf(
  module: CoreModule,
  stated: Partial<ImageNeeds> = {},
  more: MoreNeeds | null = null,
): ImageNeeds {
  const memory = memoryOf(module);
  const stack = stated.stack ?? stackOf(module, more?.lowersPointers ?? (() => false));
  const pool =
    COST.fixed +
    COST.type * module.types.length +
    COST.import * module.imports.length +
    COST.functionCode * module.code.length +
    COST.export * module.exports.length +
    COST.global * module.globals.length +
    COST.dataSegment * module.data.length +
    module.bytes.length +
    memory +
    stack +
    (more === null ? 0 : bytesOf(more));
  const needs = { pool: Math.ceil(pool / WORD) * WORD, stack, arena: 0, frames: 1, memory };
  if (stated.pool !== undefined && stated.pool < needs.pool) {
    throw new UserError(
      `--pool ${stated.pool}: the guest needs ${needs.pool}, of which its module takes ` +
        `${module.bytes.length}, linear memory ${memory} and the operand stack ${stack}`,
    );
  }
  return { ...needs, ...stated };
}

function bytesOf({ handles, calls, ends, words }: MoreNeeds): number {
  const held = ends === 0 ? 0 : COST.ends + COST.end * ends;
  return COST.handle * handles + COST.call * calls + held + 4 * words + COST.block;
}

/**
 * Linear memory that the interpreter allocates: up to `__heap_base`, or all pages when that is not exported.
 */
function memoryOf(module: CoreModule): number {
  const heapBase = module.exports.find(({ name, kind }) => name === "__heap_base" && kind === "global");
  const pages = module.memories[0]?.limits.minimum ?? 0;
  if (heapBase === undefined) return pages * 65536;
  return Number(module.globals[heapBase.index]?.initial.value ?? BigInt(pages * 65536));
}

/**
 * The frames of the deepest chain of calls, to the byte: a run that takes it traps with one less
 * (tests/boards/needs.test.ts). @throws CheckFailure when recursion leaves it open */
function stackOf(module: CoreModule, lowersPointers: LowersPointers): number {
  const functions = functionSpace(module);
  const walker = new FactWalker(module, functions);
  const facts = functions.filter(({ code }) => code !== null).map((info) => walker.walk(info));
  const reentry = findReentry(functions, lowersPointers);
  const { needs } = stackNeeds(functions, facts, buildCallGraph(module, functions, facts), reentry);
  if (needs.stack_bytes === null) {
    throw new CheckFailure("the guest's stack has no bound in the binary (recursion); state it with --stack");
  }
  return needs.stack_bytes;
}

/**
 * How long an item takes a board's core at most: the worst case of the image's code, by the measured costs of
 * classes of instructions. Memory without wait states, and interrupts apart.
 */
import { buildCallGraph } from "../analysis/call-graph.js";
import { FactWalker } from "../analysis/function-facts.js";
import { findReentry } from "../analysis/reentry.js";
import { witImports } from "../analysis/wit-imports.js";
import { worstCase } from "../analysis/worst-case/worst-case.js";
import { readInput } from "../files/read-input.js";
import type { Board } from "../pack/board-table.js";
import { functionSpace } from "../wasm/function-space.js";
import { readModule } from "../wasm/read-module.js";
import { liftName } from "../wit/canonical-names.js";
import { BoardCosts } from "./board-costs.js";
import { COST_TABLES } from "./cost-tables.js";
import { packFilterAt } from "./fit.js";

/** The worst case of the function that the image starts. */
export interface WorstCycles {
  /** Its export in the core module. */
  readonly export: string;
  readonly per: "item" | "call";
  /** Null without a bound. */
  readonly cycles: number | null;
  readonly obstacles: readonly string[];
}

/** Elements with which copies were measured, in bytes at most. */
const MEASURED_ELEMENT = 32;

/** Works it out for the guest in `core`. @throws UserError for a file that cannot be an image */
export async function worstCyclesOn(board: Board, core: string): Promise<WorstCycles> {
  const { minified, entry, descriptor } = await packFilterAt(core, board);
  const name = liftName(entry, true);
  // Imports and the entry still have the names that tell what they are.
  const module = readModule(minified.named);
  const functions = functionSpace(module);
  const walker = new FactWalker(module, functions);
  const facts = functions.filter(({ code }) => code).map((info) => walker.walk(info));
  const graph = buildCallGraph(module, functions, facts);
  const reentry = findReentry(functions, witImports(readInput(core), false).lowersPointers);
  const costs = new BoardCosts(COST_TABLES[board.name] ?? null, functions);
  const root = module.exports.find((found) => found.kind === "func" && found.name === name)!.index;
  const { per, cost, obstacles } = worstCase({ module, functions, graph, reentry }, root, costs);
  const large = descriptor.types.find(({ elemSize }) => elemSize > MEASURED_ELEMENT);
  const reasons = [
    ...obstacles.map(({ what }) => what),
    ...(cost === null ? costs.unmeasured.map(({ what }) => what) : []),
    ...(large ? [`copies of ${large.elemSize}-byte elements were not measured`] : []),
  ];
  const isBounded = cost !== null && reasons.length === 0;
  return {
    export: name,
    per,
    cycles: isBounded ? Math.ceil(cost) : null,
    obstacles: isBounded ? [] : [...new Set(reasons)],
  };
}

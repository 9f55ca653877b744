/** The cost of an item, where a form or a budget has room for one figure. */
import type { RunCost, RunProfile } from "./model.js";

/**
 * What an item of `run` costs: one more item where that is known, else the
 * average; null for a run without items.
 */
export function costPerItem(run: RunProfile): RunCost | null {
  if (run.steady) return run.steady.ready;
  const { instructions_per_item, host_calls_per_item } = run;
  if (instructions_per_item === null || host_calls_per_item === null) return null;
  return { instructions_per_item, host_calls_per_item };
}

/**
 * What one more item costs: the difference between a run and its first half, so that what happens once does
 * not count. Measured with every copy ready at once and with every copy answered BLOCKED first.
 */
import type { CopyPolicy } from "../../host/tasks/host-loop.js";
import { bindImports } from "../../run/imports/bind-imports.js";
import type { ImportsPlan } from "../../run/imports/open-imports.js";
import type { RunPlan } from "../../run/run-plan.js";
import type { RunCost, SteadyCost } from "../model.js";
import type { Instrumented } from "./instrument.js";
import { TOTAL_COUNTER } from "./probe-interface.js";
import { runGuest } from "./run-guest.js";

/**
 * Measures `plan`, whose whole run takes `items`; null where it cannot be run
 * again, traps, or has less than two items.
 */
export function steadyCost(
  plan: RunPlan,
  instrumented: Instrumented,
  imports: ImportsPlan,
  items: number | null,
): SteadyCost | null {
  const rereadable = plan.inputs.every(
    (input) => input.kind === "value" || !("path" in input) || input.path !== "-",
  );
  if (items === null || items < 2 || !rereadable) return null;
  const half = Math.floor(items / 2);
  const measured = (policy: CopyPolicy): RunCost | null => {
    const few = totals({ ...plan, limit: half }, instrumented, imports, policy);
    const many = totals({ ...plan, limit: items }, instrumented, imports, policy);
    if (!few || !many) return null;
    return {
      instructions_per_item: (many.instructions - few.instructions) / (items - half),
      host_calls_per_item: (many.hostCalls - few.hostCalls) / (items - half),
    };
  };
  const ready = measured("ready");
  const blocking = measured("blocking");
  return ready && blocking && { ready, blocking };
}

interface Totals {
  readonly instructions: number;
  readonly hostCalls: number;
}

/** Null when the guest traps. */
function totals(
  plan: RunPlan,
  { bytes }: Instrumented,
  imports: ImportsPlan,
  policy: CopyPolicy,
): Totals | null {
  let exports: WebAssembly.Exports = {};
  const hooks = {
    onInstance: (own: WebAssembly.Exports): void => {
      exports = own;
    },
    onItems: (): void => undefined,
  };
  const { trap, hostCalls } = runGuest(
    plan,
    bytes,
    hooks,
    bindImports(imports, policy, () => undefined),
    policy,
  );
  if (trap !== null) return null;
  return {
    instructions: Number((exports[TOTAL_COUNTER] as WebAssembly.Global).value),
    hostCalls: [...hostCalls.values()].reduce((sum, calls) => sum + calls, 0),
  };
}

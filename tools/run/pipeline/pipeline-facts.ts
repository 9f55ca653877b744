/** What a run of several guests came to. */
import type { RunFacts } from "../run-facts.js";
import type { StagePlan } from "./stage-plan.js";

/** The facts of all, and of each. */
export interface PipelineFacts extends RunFacts {
  readonly guests: readonly GuestFacts[];
}

/** The facts of one guest. */
export interface GuestFacts extends Pick<RunFacts, "allocations" | "linear_memory_bytes" | "host_calls"> {
  /** Its module. */
  readonly core: string;
  /** What it answered with beside the stream that the next guest got. */
  readonly result?: unknown;
}

/** A guest, told from others of the same module. */
function nameOf(plan: StagePlan, plans: readonly StagePlan[]): string {
  const isAlone = plans.filter(({ corePath }) => corePath === plan.corePath).length === 1;
  return isAlone ? plan.corePath : `${plan.corePath}, guest ${plans.indexOf(plan) + 1}`;
}

/** Adds up what came of each guest. @param trap of which one, and why */
export function pipelineFacts(
  plans: readonly StagePlan[],
  all: readonly RunFacts[],
  trap: { readonly of: StagePlan; readonly text: string } | null,
): PipelineFacts {
  const sum = (field: "allocations" | "linear_memory_bytes" | "host_calls"): number | null =>
    all.reduce<number | null>((total, one) => {
      const value = one[field];
      return total === null || value === null ? null : total + value;
    }, 0);
  const result = all.at(-1)!.result;
  return {
    host: all[0]!.host,
    items_in: all.reduce((total, one) => total + one.items_in, 0),
    items_out: all.at(-1)!.items_out,
    allocations: sum("allocations"),
    linear_memory_bytes: sum("linear_memory_bytes"),
    host_calls: sum("host_calls"),
    trap: trap === null ? null : `${nameOf(trap.of, plans)}: ${trap.text}`,
    ...(trap === null && result !== undefined && { result }),
    guests: all.map(({ allocations, linear_memory_bytes, host_calls, result: beside }, index) => ({
      core: plans[index]!.corePath,
      allocations,
      linear_memory_bytes,
      host_calls,
      ...(index < plans.length - 1 && beside !== undefined && { result: beside }),
    })),
  };
}

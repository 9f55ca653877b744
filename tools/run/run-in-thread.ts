/** Runs a plan on V8, in a thread of its own. */
import type { WireEnd } from "./connections/wire.js";
import type { RunFacts } from "./run-facts.js";
import type { RunPlan } from "./run-plan.js";
import type { V8Job } from "./v8-job.js";
import { startJob, type Job } from "./worker-job.js";

/**
 * Starts the thread.
 * @param prints whether results of several calls go to standard output
 * @param wire to the connections that the plan names
 */
export function runInThread(plan: RunPlan, prints: boolean, wire: WireEnd | null = null): Job<RunFacts> {
  const job: V8Job = { plan, wire, prints };
  return startJob<RunFacts>(new URL("./v8-job.js", import.meta.url), job, wire === null ? [] : [wire.port]);
}

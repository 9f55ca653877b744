/** Runs a plan on V8, in a thread of its own. */
import type { WireEnd } from "./connections/wire.js";
import type { ImportsPlan } from "./imports/open-imports.js";
import type { RunFacts } from "./run-facts.js";
import type { RunPlan } from "./run-plan.js";
import type { V8Job } from "./v8-job.js";
import { startJob, type Job } from "./worker-job.js";

/**
 * Starts the thread.
 * @param imports what the guest imports
 * @param prints whether results of several calls go to standard output
 * @param wire to the connections that the plan names
 */
export function runInThread(
  plan: RunPlan,
  imports: ImportsPlan,
  prints: boolean,
  wire: WireEnd | null = null,
): Job<RunFacts> {
  const job: V8Job = { plan, wire, imports, prints };
  const ports = [wire?.port, imports.end?.port].filter((port) => port !== undefined);
  return startJob<RunFacts>(new URL("./v8-job.js", import.meta.url), job, ports);
}

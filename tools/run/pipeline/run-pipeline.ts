/** Runs guests of which each one's stream goes into the next, on a host. */
import { WIRE_WORDS } from "../connections/wire.js";
import type { Deadline } from "../deadline.js";
import { openImports, type ImportsFlags, type OpenImports } from "../imports/open-imports.js";
import type { RunFacts } from "../run-facts.js";
import { startJob } from "../worker-job.js";
import type { PipelineFacts } from "./pipeline-facts.js";
import type { PipelineJob } from "./pipeline-job.js";
import type { StagePlan } from "./stage-plan.js";

/**
 * Runs them.
 * @param flags what the guests import
 * @throws UserError when a function that a guest imports is missing, or an input turns out bad
 */
export async function runPipeline(
  host: RunFacts["host"],
  plans: readonly StagePlan[],
  flags: ImportsFlags,
  deadline: Deadline,
): Promise<PipelineFacts> {
  if (host === "v8") return runInThread(plans, flags, deadline);
  const { runPipelineOnCHost } = await import("./pipeline-on-c-host.js");
  return runPipelineOnCHost(host, plans, deadline);
}

/** Runs them on V8, in a thread of their own. */
async function runInThread(
  plans: readonly StagePlan[],
  flags: ImportsFlags,
  deadline: Deadline,
): Promise<PipelineFacts> {
  // All guests sleep in one thread, and are woken at one place.
  const words = new SharedArrayBuffer(4 * WIRE_WORDS);
  const opened: OpenImports[] = [];
  try {
    for (const plan of plans) opened.push(await openImports(plan, flags, words));
    deadline.start();
    const job: PipelineJob = { plans, imports: opened.map(({ plan }) => plan) };
    const ports = opened.flatMap(({ plan }) => (plan.end === null ? [] : [plan.end.port]));
    return await startJob<PipelineFacts>(new URL("./pipeline-job.js", import.meta.url), job, ports).result;
  } finally {
    for (const one of opened) await one.close();
  }
}

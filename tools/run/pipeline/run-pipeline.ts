/** Runs guests of which each one's stream goes into the next, on a host. */
import { WIRE_WORDS, type WireEnd } from "../connections/wire.js";
import type { Deadline } from "../deadline.js";
import { openImports, type ImportsFlags, type OpenImports } from "../imports/open-imports.js";
import type { RunFacts } from "../run-facts.js";
import { isConnected } from "../run-plan.js";
import { startJob } from "../worker-job.js";
import type { PipelineFacts } from "./pipeline-facts.js";
import type { PipelineJob } from "./pipeline-job.js";
import type { StagePlan } from "./stage-plan.js";

/**
 * Runs them, and tells how it came out.
 * @param flags what the guests import
 * @throws UserError when a function that a guest imports is missing, an input turns out bad, or a connection
 *   cannot be opened, or is lost for good
 */
export async function runPipeline(
  host: RunFacts["host"],
  plans: readonly StagePlan[],
  flags: ImportsFlags,
  deadline: Deadline,
  tell: (facts: PipelineFacts) => void,
): Promise<void> {
  const streams = { inputs: plans.flatMap(({ inputs }) => inputs), output: plans.at(-1)!.output };
  const run = async (wire: WireEnd | null): Promise<PipelineFacts> => {
    if (host === "v8") return runInThread(plans, flags, deadline, wire);
    const { runPipelineOnCHost } = await import("./pipeline-on-c-host.js");
    return runPipelineOnCHost(host, plans, deadline, { flags, wire });
  };
  if (isConnected(streams)) {
    const { withNetwork } = await import("../run-connected.js");
    await withNetwork(streams, run, tell);
  } else tell(await run(null));
}

/** Runs them on V8, in a thread of their own. @param wire to the connections that the plans name */
async function runInThread(
  plans: readonly StagePlan[],
  flags: ImportsFlags,
  deadline: Deadline,
  wire: WireEnd | null,
): Promise<PipelineFacts> {
  // All guests sleep in one thread, and are woken at one place.
  const words = wire?.words ?? new SharedArrayBuffer(4 * WIRE_WORDS);
  const opened: OpenImports[] = [];
  try {
    for (const plan of plans) opened.push(await openImports(plan, flags, words));
    deadline.start();
    const job: PipelineJob = { plans, imports: opened.map(({ plan }) => plan), wire };
    const ports = [wire, ...opened.map(({ plan }) => plan.end)].flatMap((end) =>
      end === null ? [] : [end.port],
    );
    return await startJob<PipelineFacts>(new URL("./pipeline-job.js", import.meta.url), job, ports).result;
  } finally {
    for (const one of opened) await one.close();
  }
}

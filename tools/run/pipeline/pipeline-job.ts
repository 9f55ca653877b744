/** The thread in which several guests run on V8. */
import { workerData } from "node:worker_threads";
import { bindImports } from "../imports/bind-imports.js";
import type { ImportsPlan } from "../imports/open-imports.js";
import { doJob, tell } from "../worker-job.js";
import { runPipelineOnV8 } from "./pipeline-on-v8.js";
import type { StagePlan } from "./stage-plan.js";

/** What the thread is to do. */
export interface PipelineJob {
  readonly plans: readonly StagePlan[];
  /** Of each guest. */
  readonly imports: readonly ImportsPlan[];
}

const { plans, imports } = workerData as PipelineJob;

await doJob(() => {
  const facts = runPipelineOnV8(plans, {
    imports: imports.map((plan) => bindImports(plan, "ready")),
    opened: (output) => {
      tell({ kind: "output", output });
    },
  });
  for (const { end } of imports) end?.port.close();
  return facts;
});

/** The thread in which several guests run on V8. */
import { workerData } from "node:worker_threads";
import { GuestWire } from "../connections/guest-wire.js";
import type { WireEnd } from "../connections/wire.js";
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
  /** Null when the plans name no connection. */
  readonly wire: WireEnd | null;
}

const { plans, imports, wire } = workerData as PipelineJob;

await doJob(() => {
  const facts = runPipelineOnV8(plans, {
    imports: imports.map((plan) => bindImports(plan, "ready")),
    ...(wire !== null && { wire: new GuestWire(wire) }),
    opened: (output) => {
      tell({ kind: "output", output });
    },
  });
  wire?.port.close();
  for (const { end } of imports) end?.port.close();
  return facts;
});

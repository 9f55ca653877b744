/** The thread in which a guest runs on V8. */
import { workerData } from "node:worker_threads";
import { GuestWire } from "./connections/guest-wire.js";
import type { WireEnd } from "./connections/wire.js";
import { runOnV8 } from "./run-on-v8.js";
import type { RunPlan } from "./run-plan.js";
import { doJob, tell } from "./worker-job.js";

/** What the thread is to do. */
export interface V8Job {
  readonly plan: RunPlan;
  /** Null when the plan names no connection. */
  readonly wire: WireEnd | null;
}

const { plan, wire } = workerData as V8Job;

await doJob(() => {
  const facts = runOnV8(plan, {
    ...(wire !== null && { wire: new GuestWire(wire) }),
    opened: (output) => {
      tell({ kind: "output", output });
    },
  });
  wire?.port.close();
  return facts;
});

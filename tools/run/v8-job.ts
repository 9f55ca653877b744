/** The thread in which a guest runs on V8. */
import { workerData } from "node:worker_threads";
import { runOnV8 } from "./run-on-v8.js";
import type { RunPlan } from "./run-plan.js";
import { doJob, tell } from "./worker-job.js";

await doJob(() =>
  runOnV8(workerData as RunPlan, {
    opened: (output) => {
      tell({ kind: "output", output });
    },
  }),
);

/** The thread in which a guest runs on V8. */
import { workerData } from "node:worker_threads";
import { GuestWire } from "./connections/guest-wire.js";
import type { WireEnd } from "./connections/wire.js";
import { bindImports } from "./imports/bind-imports.js";
import type { ImportsPlan } from "./imports/open-imports.js";
import { OutputFile } from "./formats/output-file.js";
import { runOnV8 } from "./run-on-v8.js";
import type { RunPlan } from "./run-plan.js";
import { doJob, tell } from "./worker-job.js";

/** What the thread is to do. */
export interface V8Job {
  readonly plan: RunPlan;
  /** Null when the plan names no connection. */
  readonly wire: WireEnd | null;
  readonly imports: ImportsPlan;
  /** Results of several calls go to standard output. */
  readonly prints: boolean;
}

const { plan, wire, imports, prints } = workerData as V8Job;

await doJob(() => {
  const out = plan.calls !== null && prints ? new OutputFile("-") : null;
  const facts = runOnV8(plan, {
    ...(out !== null && {
      print: (text: string) => {
        out.write(Buffer.from(text));
      },
    }),
    ...(wire !== null && { wire: new GuestWire(wire) }),
    imports: bindImports(imports, "ready"),
    opened: (output) => {
      tell({ kind: "output", output });
    },
  });
  out?.close();
  wire?.port.close();
  imports.end?.port.close();
  return facts;
});

/** What a guest costs on WAMR with the C host: processor instructions for one item, and bytes of WAMR's pool. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Analysis } from "../tools/report/build-report.js";
import { measureDevice } from "../tools/report/device.js";
import { wamrJob } from "../tools/report/device-job.js";
import { instructionsPerItem } from "../tools/wamr/callgrind.js";
import type { WamrRun } from "../tools/wamr/run.js";
import type { InterpreterFigures } from "./figures.js";
import { withInput } from "./measure-run.js";
import type { Workload } from "./workloads.js";

/** Measures one interpreter. @throws UserError when this machine cannot build WAMR or has no valgrind */
export async function measureOnWamr(
  workload: Workload,
  analysis: Analysis,
  interpreter: "classic" | "fast",
): Promise<InterpreterFigures> {
  const folder = await mkdtemp(join(tmpdir(), "rill-bench-"));
  try {
    const job = (length: number): Promise<WamrRun> =>
      withInput({ core: analysis.input.bytes, workload, length }, async (request) => {
        const own = join(folder, String(length));
        await mkdir(own);
        return wamrJob(own, analysis, request);
      });
    const [few, many] = [await job(workload.runs[0]), await job(workload.runs[1])];
    const perItem = (mode: "ready" | "blocking"): Promise<number> => {
      const variant = { interpreter, bits: 64 } as const; // callgrind's own word length
      const jobs = [
        { ...few, mode, variant },
        { ...many, mode, variant },
      ] as const;
      return instructionsPerItem(jobs, workload.runs[1] - workload.runs[0]);
    };
    const instructions = { ready: await perItem("ready"), blocking: await perItem("blocking") };
    const device = await withInput(
      { core: analysis.input.bytes, workload, length: workload.runs[0] },
      (request) => measureDevice(analysis, { ...request, interpreter }),
    );
    return {
      instructions_ready: instructions.ready,
      instructions_blocking: instructions.blocking,
      pool_bytes: device.pool_bytes,
      further_bytes: device.next_instance_bytes,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a guest costs on WAMR with the C host: processor instructions for one item, and bytes of WAMR's pool. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildResult } from "../tools/build/build-guest.js";
import { instructionsPerItem } from "../tools/wamr/callgrind.js";
import { measurePool } from "../tools/wamr/pool.js";
import type { WamrRun } from "../tools/wamr/run.js";
import type { InterpreterFigures } from "./figures.js";
import type { Workload } from "./workloads.js";

/** Measures one interpreter. @throws UserError when this machine cannot build WAMR or has no valgrind */
export async function measureOnWamr(
  workload: Workload,
  built: BuildResult,
  interpreter: "classic" | "fast",
): Promise<InterpreterFigures> {
  const folder = await mkdtemp(join(tmpdir(), "rill-bench-"));
  try {
    const job = async (length: number): Promise<WamrRun> => {
      const path = join(folder, `${length}.in`);
      await writeFile(path, workload.input(length));
      const output = join(folder, "out");
      return { core: built.corePath, world: built.world, call: workload.call, params: [{ path }], output };
    };
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
    const pool = await measurePool({ ...few, variant: { interpreter, bits: 32 } });
    return {
      instructions_ready: instructions.ready,
      instructions_blocking: instructions.blocking,
      pool_bytes: pool.smallest,
      further_bytes: pool.furtherInstance,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All figures of one guest, from source to table. */
import { join } from "node:path";
import { buildGuest, type BuildResult } from "../tools/build/build-guest.js";
import { UserError } from "../tools/errors/user-error.js";
import { packageRoot } from "../tools/package-root.js";
import { analyse } from "../tools/report/build-report.js";
import { loadInput } from "../tools/report/load-input.js";
import type { Figures, InterpreterFigures } from "./figures.js";
import { measureOnV8 } from "./measure-on-v8.js";
import { measureOnWamr } from "./measure-on-wamr.js";
import { inRepository, type Workload } from "./workloads.js";

/** Builds and measures. @param complain told once for each interpreter that this machine cannot measure */
export async function measure(workload: Workload, complain: (reason: string) => void): Promise<Figures> {
  const built = await buildGuest({
    entry: inRepository(workload.entry),
    wit: inRepository(workload.wit),
    outDir: join(packageRoot, "build", "bench"),
  });
  const { report } = analyse(loadInput(built.corePath, null), { sourceMap: false });
  const ready = measureOnV8(workload, built, "ready");
  const blocking = measureOnV8(workload, built, "blocking");
  return {
    guest: workload.name,
    file_bytes: report.stripped_bytes,
    code_bytes: report.code_bytes,
    linear_memory_bytes: report.linear_memory.used_bytes,
    instructions_ready: ready.instructions,
    instructions_blocking: blocking.instructions,
    host_calls_ready: ready.hostCalls,
    host_calls_blocking: blocking.hostCalls,
    allocations: ready.allocations + blocking.allocations,
    classic: await orNull(workload, built, "classic", complain),
    fast: await orNull(workload, built, "fast", complain),
  };
}

async function orNull(
  workload: Workload,
  built: BuildResult,
  interpreter: "classic" | "fast",
  complain: (reason: string) => void,
): Promise<InterpreterFigures | null> {
  try {
    return await measureOnWamr(workload, built, interpreter);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    complain(`${workload.name} on WAMR's ${interpreter} interpreter was not measured: ${error.message}`);
    return null;
  }
}

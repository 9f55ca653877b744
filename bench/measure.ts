/** All figures of one guest, from source to table. */
import { join } from "node:path";
import { buildGuest } from "../tools/compile/build-guest.js";
import { packageRoot } from "../tools/package-root.js";
import { analyse } from "../tools/report/build-report.js";
import { loadInput } from "../tools/report/load-input.js";
import type { Figures, InterpreterFigures } from "./figures.js";
import { measureRun } from "./measure-run.js";
import { measureNative, measureOnWamr, whereMeasurable } from "./measure-on-wamr.js";
import { inRepository, type Workload } from "./workloads.js";

/** Builds and measures. @param complain told once for each interpreter that this machine cannot measure */
export async function measure(workload: Workload, complain: (reason: string) => void): Promise<Figures> {
  const built = await buildGuest({
    entry: inRepository(workload.entry),
    wit: inRepository(workload.wit),
    wait: workload.wait ?? "wait",
    outDir: join(packageRoot, "build", "bench", workload.wait ?? "wait"),
  });
  return measureCore(workload, built.corePath, complain);
}

/** Measures the module at `core`, which does what `workload` says. @param complain as for `measure` */
export async function measureCore(
  workload: Workload,
  core: string,
  complain: (reason: string) => void,
): Promise<Figures> {
  const analysis = analyse(await loadInput(core, null), { sourceMap: null });
  const { report } = analysis;
  const onWamr = (interpreter: "classic" | "fast"): Promise<InterpreterFigures | null> =>
    whereMeasurable(workload, interpreter, complain, () => measureOnWamr(workload, analysis, interpreter));
  const { steady, allocations } = await measureRun(analysis, workload, workload.runs[1]);
  return {
    guest: workload.name,
    file_bytes: report.stripped_bytes,
    code_bytes: report.code_bytes,
    linear_memory_bytes: report.linear_memory.used_bytes,
    instructions_ready: steady.ready.instructions_per_item,
    instructions_blocking: steady.blocking.instructions_per_item,
    host_calls_ready: steady.ready.host_calls_per_item,
    host_calls_blocking: steady.blocking.host_calls_per_item,
    allocations: allocations.count,
    classic: await onWamr("classic"),
    fast: await onWamr("fast"),
    native: await whereMeasurable(workload, "native", complain, () => measureNative(workload, analysis)),
  };
}

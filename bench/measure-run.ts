/** A workload's run as `rill report --run` counts it: the bench has no counting of its own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTemporaryFolder } from "../tools/processes/temporary-folder.js";
import type { Analysis } from "../tools/report/analysis.js";
import type { RunProfile, SteadyCost } from "../tools/report/model.js";
import { chosenFunction } from "../tools/wit/exported-functions.js";
import type { CallRequest } from "../tools/report/run/plan-call.js";
import { profileRun } from "../tools/report/run/profile.js";
import { decodeComponentType } from "../tools/wit/component-type.js";
import type { Workload } from "./workloads.js";

/** A run whose further items were priced. */
export type PricedRun = RunProfile & { readonly steady: SteadyCost };

/** Lets `use` call the workload's function on a file of `length` items; the file is gone afterwards. */
export async function withInput<T>(
  {
    core,
    workload,
    length,
  }: { readonly core: Uint8Array; readonly workload: Workload; readonly length: number },
  use: (request: CallRequest) => T | Promise<T>,
): Promise<T> {
  return inTemporaryFolder("rill-bench-", async (folder) => {
    const { func } = chosenFunction(decodeComponentType(core)!, workload.call);
    const path = join(folder, `items.${workload.format}`);
    writeFileSync(path, workload.input(length));
    return await use({ call: workload.call, inputs: [`${func.params[0]!.name}=${path}`], limit: null });
  });
}

/**
 * Runs the guest of `analysis` over `length` items.
 * @throws Error when it traps: the bench's own inputs are good
 */
export function measureRun(analysis: Analysis, workload: Workload, length: number): Promise<PricedRun> {
  return withInput({ core: analysis.input.bytes, workload, length }, async (request) => {
    const run = await profileRun(analysis, request, {});
    if (!run.steady) throw new Error(`${workload.name} does not run to its end: ${run.trap ?? "no items"}`);
    return { ...run, steady: run.steady };
  });
}

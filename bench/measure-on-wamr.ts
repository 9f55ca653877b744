/**
 * What a guest costs on WAMR with the C host: processor instructions for one item, and bytes of
 * WAMR's pool.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../tools/errors/user-error.js";
import { inTemporaryFolder } from "../tools/processes/temporary-folder.js";
import { prepareNativeRun } from "../tools/native/native-run.js";
import { MOST_ITEMS } from "../tools/run/item-bytes.js";
import type { Analysis } from "../tools/report/analysis.js";
import { measureDevice } from "../tools/report/device.js";
import { wamrJob } from "../tools/report/device-job.js";
import type { CallRequest } from "../tools/report/run/plan-call.js";
import { instructionsPerItem } from "../tools/wamr/callgrind.js";
import type { WamrRun } from "../tools/wamr/wamr-run.js";
import type { InterpreterFigures, NativeFigures } from "./figures.js";
import { withInput } from "./measure-run.js";
import type { Workload } from "./workloads.js";

/** Measures one interpreter. @throws UserError when this machine cannot build WAMR or has no valgrind */
export async function measureOnWamr(
  workload: Workload,
  analysis: Analysis,
  interpreter: "classic" | "fast",
): Promise<InterpreterFigures> {
  return withRuns(workload, analysis, interpreter, async (perItem, short) => {
    const device = await measureDevice(analysis, { ...short, interpreter });
    return {
      instructions_ready: await perItem("ready"),
      instructions_blocking: await perItem("blocking"),
      pool_bytes: device.pool_bytes,
      further_bytes: device.next_instance_bytes,
    };
  });
}

/** What runs a guest: one of WAMR's interpreters, or the processor itself. */
export type Engine = "classic" | "fast" | "native";

/** Measures the guest as C. @throws UserError when this machine has no C compiler or no valgrind */
export async function measureNative(workload: Workload, analysis: Analysis): Promise<NativeFigures> {
  return withRuns(workload, analysis, "native", async (perItem) => ({
    instructions_ready: await perItem("ready"),
    instructions_blocking: await perItem("blocking"),
  }));
}

/** What `measure` finds on one engine; null, and `complain` told why, where this machine cannot. */
export async function whereMeasurable<T>(
  { name }: Pick<Workload, "name">,
  engine: Engine,
  complain: (reason: string) => void,
  measure: () => Promise<T>,
): Promise<T | null> {
  try {
    return await measure();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const where = engine === "native" ? "as C" : `on WAMR's ${engine} interpreter`;
    complain(`${name} ${where} was not measured: ${error.message}`);
    return null;
  }
}

/**
 * Instructions of the processor for an item.
 * @throws UserError when this machine cannot build WAMR or has no valgrind
 */
export type PerItem = (mode: "ready" | "blocking") => Promise<number>;

/**
 * Lets `use` count on one engine what an item costs: the difference of the workload's two
 * runs, of which it gets the shorter one.
 */
export async function withRuns<T>(
  workload: Workload,
  analysis: Analysis,
  engine: Engine,
  use: (perItem: PerItem, short: CallRequest) => Promise<T>,
): Promise<T> {
  const core = analysis.input.bytes;
  const [few, many] = workload.runs;
  // callgrind's own word length; the host as it is around WAMR, so that the engine alone makes the
  // difference.
  const variant = engine === "native" ? {} : { variant: { interpreter: engine, bits: 64 } as const };
  const prepare =
    engine === "native" ? (job: WamrRun) => prepareNativeRun(job, { flags: ["-Os"] }) : undefined;
  return withInput({ core, workload, length: few }, (short) =>
    withInput({ core, workload, length: many }, (long) =>
      withJobs(analysis, [short, long], ([less, more]) =>
        use((mode) => {
          const how = { mode, ...variant };
          return instructionsPerItem(
            [
              { ...less, ...how },
              { ...more, ...how },
            ],
            many - few,
            prepare,
          );
        }, short),
      ),
    ),
  );
}

/**
 * Lets `use` run the guest as the two requests say, with all of their items lent
 * at once when copies are to be ready.
 */
export async function withJobs<T>(
  analysis: Analysis,
  requests: readonly [CallRequest, CallRequest],
  use: (jobs: readonly [WamrRun, WamrRun]) => Promise<T>,
): Promise<T> {
  return inTemporaryFolder("rill-bench-", async (folder) => {
    const [few, many] = [join(folder, "few"), join(folder, "many")];
    await Promise.all([mkdir(few), mkdir(many)]);
    return await use([
      await wamrJob(few, analysis, requests[0], MOST_ITEMS),
      await wamrJob(many, analysis, requests[1], MOST_ITEMS),
    ]);
  });
}

/** RAM on a device: measured by running the guest on WAMR's 32-bit build, and never estimated. */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import type { DesktopVariant } from "../wamr/desktop-library.js";
import { runOnWamr, type WamrFacts } from "../wamr/run-program.js";
import type { WamrRun } from "../wamr/wamr-run.js";
import type { Analysis } from "./analysis.js";
import { measureStack } from "../analysis/stack-depth.js";
import { fastEntryFrame } from "../analysis/wamr-frames.js";
import { fastFrames } from "../wamr/fast-frames.js";
import { wamrJob } from "./device-job.js";
import type { DeviceRam } from "./model.js";
import type { CallRequest } from "./run/plan-call.js";

/** What to run on the device: as for --run; without inputs every stream gets a few items of zeros. */
export interface DeviceRequest extends CallRequest {
  readonly interpreter: "classic" | "fast";
}

const ROOMS_KIB = [8, 16, 64, 256];
const LEAST_POOL = 256;
const MOST_POOL = 1 << 22;
const LEAST_STACK = 8;
const MOST_STACK = 1 << 16;
/** How many times as far the next try is from a guess that was off. */
const FARTHER = 4;

/** Measures the guest of `analysis`. Errors: UserError when it cannot run, CheckFailure when it traps */
export async function measureDevice(analysis: Analysis, request: DeviceRequest): Promise<DeviceRam> {
  return inTemporaryFolder("rill-device-", (folder) => measureIn(folder, analysis, request));
}

async function measureIn(folder: string, analysis: Analysis, request: DeviceRequest): Promise<DeviceRam> {
  const variant: DesktopVariant = { interpreter: request.interpreter, bits: 32 };
  const job: WamrRun = { ...(await wamrJob(folder, analysis, request)), variant };
  const { trap } = await runOnWamr({ ...job, stackBytes: MOST_STACK });
  if (trap !== null) throw new CheckFailure(`the guest traps on WAMR: ${trap}`);
  const computed =
    request.interpreter === "classic"
      ? analysis.report.stack.stack_bytes
      : await fastStack(analysis, job.core);
  const measured = await least(LEAST_STACK, MOST_STACK, computed ?? LEAST_STACK, (stackBytes) =>
    runs({ ...job, stackBytes }),
  );
  if (computed !== null && computed < measured) {
    throw new CheckFailure(
      `the computed stack of ${computed} bytes does not do on WAMR: this run needs ${measured}; please report this as a bug`,
    );
  }
  const stackBytes = computed ?? measured;
  const sized = { ...job, stackBytes };
  const facts = await runOnWamr({ ...sized, instances: 3 });
  const { runtime, module, instance, exec_env: execEnv } = facts.pool;
  const parts = runtime + module + instance + execEnv;
  const pool = await least(LEAST_POOL, MOST_POOL, parts, (poolBytes) => runs({ ...sized, poolBytes }));
  return {
    interpreter: `WAMR 2.4.3 ${request.interpreter}`,
    word_bits: 32,
    stack_bytes: stackBytes,
    stack_basis: computed === null ? "measured" : "computed",
    run_stack_bytes: measured,
    linear_memory_bytes: facts.linear_memory_bytes,
    runtime_bytes: facts.pool.runtime,
    module_bytes: facts.pool.module,
    instance_bytes: facts.pool.instance,
    exec_env_bytes: facts.pool.exec_env,
    pool_bytes: pool,
    next_instance_bytes: facts.pool.further_instance,
    fits: await fits(sized, facts, pool),
    block_caches: [],
  };
}

/** The worst chain of calls on the fast interpreter, in bytes; null when calls recurse. */
async function fastStack({ graph, functions, reentry }: Analysis, core: string): Promise<number | null> {
  const frames = await fastFrames(core);
  const bytes = (index: number): number | null => frames[index] ?? null;
  return measureStack(graph, functions, { bytes, entry: fastEntryFrame }, reentry).stackBytes;
}

/**
 * How many guests pools of the usual sizes hold: one of them runs, the others wait.
 * @param alone the pool of one, in bytes
 */
async function fits(job: WamrRun, facts: WamrFacts, alone: number): Promise<DeviceRam["fits"]> {
  const found: { kib: number; guests: number }[] = [];
  for (const kib of ROOMS_KIB) {
    const poolBytes = kib * 1024;
    const most = Math.ceil(poolBytes / facts.pool.further_instance) + 1;
    const guess = Math.floor((poolBytes - alone) / facts.pool.further_instance) + 2;
    const tooMany = await least(
      1,
      most,
      guess,
      async (instances) => !(await runs({ ...job, poolBytes, instances })),
    );
    found.push({ kib, guests: tooMany - 1 });
  }
  return found;
}

async function runs(job: WamrRun): Promise<boolean> {
  try {
    return (await runOnWamr(job)).trap === null;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/**
 * The least number for which `works` holds: it holds from there on up, and for `high`. Pools are no more than
 * nearly so: of two numbers that do while one less does not, it is the one next to `guess`. Each try starts
 * a process, so it looks there first, then ever farther, and halves what lies between.
 */
async function least(
  low: number,
  high: number,
  guess: number,
  works: (n: number) => Promise<boolean>,
): Promise<number> {
  let [from, to] = [low, high];
  let tried = Math.min(Math.max(guess, low), high);
  for (let step = 1; from < to; step *= FARTHER) {
    if (await works(tried)) to = tried;
    else from = tried + 1;
    if (from === low) tried = Math.max(to - step, from);
    else if (to === high) tried = Math.min(from + step - 1, to - 1);
    else tried = Math.floor((from + to) / 2);
  }
  return from;
}

/** The RAM that a guest costs on WAMR, measured by running it: bytes of the pool by what they are for, and the smallest pool. */
import { UserError } from "../errors/user-error.js";
import { type WamrFacts, type WamrRun, runOnWamr } from "./run.js";

/** Bytes of WAMR's pool. */
export interface PoolFigures {
  readonly module: number;
  readonly instance: number;
  readonly furtherInstance: number;
  readonly execEnv: number;
  /** The smallest pool with which one guest runs to its end. */
  readonly smallest: number;
  /** The smallest stack (operands and frames) with which it does. */
  readonly stack: number;
}

const STEP = 8;
const LARGEST_STACK = 16_384;
const LARGEST_POOL = 1 << 20;

/** Measures a job's pool. The job must be one that ends without a trap. */
export async function measurePool(job: WamrRun): Promise<PoolFigures> {
  const stack = await smallest(STEP, LARGEST_STACK, (stackBytes) => succeeds({ ...job, stackBytes }));
  const pool = await smallest(256, LARGEST_POOL, (poolBytes) =>
    succeeds({ ...job, stackBytes: stack, poolBytes }),
  );
  const facts = await runOnWamr({ ...job, stackBytes: stack, instances: 3 });
  return {
    module: facts.pool.module,
    instance: facts.pool.instance,
    furtherInstance: facts.pool.further_instance,
    execEnv: facts.pool.exec_env,
    smallest: pool,
    stack,
  };
}

async function succeeds(job: WamrRun): Promise<boolean> {
  try {
    return finished(await runOnWamr(job));
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function finished(facts: WamrFacts): boolean {
  return facts.trap === null;
}

/** The smallest multiple of STEP in the range with which `works` holds; it holds above wherever it holds. */
async function smallest(
  from: number,
  to: number,
  works: (bytes: number) => Promise<boolean>,
): Promise<number> {
  let low = from / STEP;
  let high = to / STEP;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await works(middle * STEP)) high = middle;
    else low = middle + 1;
  }
  return low * STEP;
}

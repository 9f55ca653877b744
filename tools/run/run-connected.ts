/** Runs a plan whose streams come from or go to connections. */
import { whenAskedToGo } from "../processes/leaving.js";
import type { Deadline } from "./deadline.js";
import type { RunFacts } from "./run-facts.js";
import { openImports, type ImportsFlags } from "./imports/open-imports.js";
import { runInThread } from "./run-in-thread.js";
import type { PlannedStreams, RunPlan } from "./run-plan.js";
import { Network } from "./connections/network.js";
import type { WireEnd } from "./connections/wire.js";

/** Milliseconds in which a run that is asked to go has to come to its end. */
const GRACE = 5000;

/**
 * Opens the connections, runs, and tells how it came out.
 * @param flags what the guest imports
 * @param prints whether results of several calls go to standard output
 * @throws UserError when a connection cannot be opened, or is lost for good
 */
export async function runConnected(
  plan: RunPlan,
  flags: ImportsFlags,
  prints: boolean,
  deadline: Deadline,
  tell: (facts: RunFacts) => void,
): Promise<void> {
  await withNetwork(
    plan,
    async (end) => {
      const imports = await openImports(plan, flags, end.words);
      try {
        deadline.start();
        return await runInThread(plan, imports.plan, prints, end).result;
      } finally {
        await imports.close();
      }
    },
    tell,
  );
}

/**
 * Runs `body` with the connections open, and tells what it came to when they are closed, and what was on its
 * way has gone. The first signal ends the inputs, and so the run.
 * @param plan its streams; those of guests in a row are numbered as one list
 * @throws UserError when a connection cannot be opened, or is lost for good
 */
export async function withNetwork<T>(
  plan: PlannedStreams,
  body: (end: WireEnd) => Promise<T>,
  tell: (result: T) => void,
): Promise<void> {
  const network = await Network.open(plan);
  const gone = whenAskedToGo(() => {
    network.stop();
  }, GRACE);
  try {
    const result = await body(network.guestEnd);
    await network.close();
    tell(result);
  } finally {
    await network.close();
    gone();
  }
}

/** Runs a plan whose streams come from or go to connections. */
import { whenAskedToGo } from "../processes/leaving.js";
import type { Deadline } from "./deadline.js";
import type { RunFacts } from "./run-facts.js";
import { openImports, type ImportsFlags } from "./imports/open-imports.js";
import { runInThread } from "./run-in-thread.js";
import type { RunPlan } from "./run-plan.js";
import { Network } from "./connections/network.js";

/** Milliseconds in which a run that is asked to go has to come to its end. */
const GRACE = 5000;

/**
 * Opens the connections, runs, and tells how it came out. The first signal ends the inputs, and so the run.
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
  const network = await Network.open(plan);
  const gone = whenAskedToGo(() => {
    network.stop();
  }, GRACE);
  try {
    const imports = await openImports(plan, flags, network.guestEnd.words);
    try {
      deadline.start();
      const facts = await runInThread(plan, imports.plan, prints, network.guestEnd).result;
      await network.close();
      tell(facts);
    } finally {
      await imports.close();
    }
  } finally {
    await network.close();
    gone();
  }
}

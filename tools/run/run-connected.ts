/** Runs a plan whose streams come from or go to connections. */
import { whenAskedToGo } from "../processes/leaving.js";
import type { PlannedStreams } from "./run-plan.js";
import { Network } from "./connections/network.js";
import type { WireEnd } from "./connections/wire.js";

/** Milliseconds in which a run that is asked to go has to come to its end. */
const GRACE = 5000;

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

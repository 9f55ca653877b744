/** `--timeout`: how long a run may take. */
import { fstatSync } from "node:fs";
import { CheckFailure } from "../errors/user-error.js";

/** Ends this process when a run takes too long. */
export class Deadline {
  private timer: NodeJS.Timeout | undefined;

  /** @param seconds without a number for ever */
  constructor(private readonly seconds: number | undefined) {}

  /** The guest starts: from here on time counts. */
  start(): void {
    const { seconds } = this;
    if (seconds === undefined) return;
    keepInputFromBlocking();
    // Thrown where nobody catches it, it ends the process, with all that is to be done before: the guest may
    // compute for ever.
    this.timer = setTimeout(() => {
      throw new CheckFailure(
        `the run is not over after ${seconds} s (--timeout), and was ended; what had come until then is kept`,
      );
    }, seconds * 1000);
  }

  /** The run is over. */
  stop(): void {
    clearTimeout(this.timer);
  }
}

/**
 * A thread that is in the middle of a read cannot be ended, and this process not before it. A pipe that
 * Node has a stream of answers at once; a thread that reads it then looks again from time to time.
 */
function keepInputFromBlocking(): void {
  let stats;
  try {
    stats = fstatSync(0);
  } catch {
    return; // closed: whoever reads it says so
  }
  if (stats.isFIFO() || stats.isSocket()) process.stdin.pause();
}

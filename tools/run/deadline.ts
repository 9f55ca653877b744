/** `--timeout`: how long a run may take. */
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

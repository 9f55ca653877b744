/** A lane: one kind of test with what it needs on this machine, run as one child process. */
import type { Tool } from "../../tools/setup/tool.js";
import type { Counter } from "./counts.js";

/** One line of the test run. */
export interface Lane {
  /** What `npm test -- NAME` calls it. */
  readonly name: string;
  /** What it shows, in a few words. */
  readonly what: string;
  /** Tools it cannot run without: looked for, and set up where possible, before it starts. */
  readonly needs: readonly (() => Promise<Tool>)[];
  /** The program and its arguments; runs in the repository's root. */
  readonly command: readonly [string, ...string[]];
  /** The files that it is made of, below the repository; none for a lane that is one check. */
  readonly files?: readonly string[];
  /** The program and its arguments for some of the files, and for the tests whose names match `test`. */
  readonly narrow?: (files: readonly string[], test: string | undefined) => Lane["command"];
  /**
   * Minutes that it takes on two cores while another lane runs, rounded up: all
   * lanes together fit into half an hour.
   */
  readonly minutes: number;
  /** Whether it tries more at night. */
  readonly night: boolean;
  /** How its output tells the number of tests. */
  readonly count: Counter;
}

/**
 * How a lane ended. A skipped lane is one skipped test: how many it holds is not known without running it.
 */
export interface Outcome {
  readonly lane: Lane;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** Why it was skipped or failed, with what to do; empty when it passed. */
  readonly reason: string;
  /** All it printed; of a lane that passed, the figures that it told; empty when it did not start. */
  readonly output: string;
}

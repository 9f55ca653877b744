/**
 * Translation validation: a module before the build's passes and after them, in the same schedules, has to
 * make the same calls with the same arguments and to give the host the same values.
 */
import { Random } from "../model/choices.js";
import { Found, NeverReturns, Pruned } from "../found.js";
import type { GuestRunner } from "./guest-runner.js";

/** Where two modules part. */
export interface Difference {
  /** What both have done until then. */
  readonly common: readonly string[];
  readonly before: string;
  readonly after: string;
}

/** The end of a schedule in which a module has done no more than the other. */
const NOTHING = "nothing more";

/** Runs random schedules on both. @returns where they part first; null when they never do */
export function differenceOf(
  before: GuestRunner,
  after: GuestRunner,
  { schedules, calls }: { readonly schedules: number; readonly calls: number },
): Difference | null {
  for (let seed = 1; seed <= schedules; seed++) {
    const [first, second] = [witnessed(before, seed, calls), witnessed(after, seed, calls)];
    const at = first.findIndex((what, index) => what !== second[index]);
    if (at < 0 && first.length === second.length) continue;
    const parted = at < 0 ? first.length : at;
    return {
      common: first.slice(0, parted),
      before: first[parted] ?? NOTHING,
      after: second[parted] ?? NOTHING,
    };
  }
  return null;
}

/** All that leaves the guest in one schedule, and how it ends. */
function witnessed(runner: GuestRunner, seed: number, calls: number): readonly string[] {
  const told: string[] = [];
  const { run } = runner.host;
  run.witness = (what) => {
    told.push(what);
  };
  try {
    runner.run(new Random(seed), calls);
  } catch (error) {
    if (!(error instanceof Found || error instanceof Pruned || error instanceof NeverReturns)) throw error;
    told.push(error.message);
  } finally {
    run.witness = null;
  }
  return told;
}

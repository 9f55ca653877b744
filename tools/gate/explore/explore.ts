/** Runs schedules: all of them within bounds, or random ones, and collects what breaks a rule. */
import { Found, NeverReturns, Pruned } from "../found.js";
import type { RuleName } from "../rules.js";
import { type Choices, Random, Trail } from "../model/choices.js";
import type { Credit, GuestRunner } from "./guest-runner.js";

/** A broken rule, with the answers of the host that lead to it. */
export interface Discovery {
  readonly rule: RuleName;
  readonly message: string;
  /** Site in the module, -1 for none. */
  readonly site: number;
  /** The model's choices. */
  readonly answers: readonly number[];
  /** Calls until then. */
  readonly calls: number;
}

/** What an exploration came to. */
export interface Exploration {
  /** Runs of the guest, each with a different order of events; those that ran into a known state included. */
  readonly schedules: number;
  /** Memory accesses and canonical calls that were judged. */
  readonly steps: number;
  /** Different states at choices. */
  readonly states: number;
  readonly seconds: number;
  /** Whether every schedule within the bounds was run. */
  readonly complete: boolean;
  readonly discoveries: readonly Discovery[];
}

/** When to stop. */
export interface Limits {
  /** Calls that the host makes one after the other in each schedule. */
  readonly calls: number;
  readonly schedules: number;
  readonly seconds: number;
  /** Stop at the first broken rule. */
  readonly first?: boolean;
}

const PRUNED = new Pruned("a state that was seen before");
/** How often the clock is looked at. */
const CLOCK_PERIOD = 256;

/** Depth-first over every order of the host's events, each state once. */
export function exploreAll(runner: GuestRunner, limits: Limits): Exploration {
  const trail = new Trail();
  /** Each state, and what the host could still do from there. */
  const seen = new Map<number, Credit>();
  trail.onNew = () => {
    if (!runner.prunable) return;
    const hash = runner.hash();
    const before = seen.get(hash);
    const { credit } = runner;
    if (before !== undefined && covers(before, credit)) throw PRUNED;
    seen.set(hash, credit);
  };
  return explore(
    runner,
    limits,
    trail,
    () => trail.advance(),
    () => seen.size,
  );
}

function covers(before: Credit, now: Credit): boolean {
  return before.interruptions >= now.interruptions && before.cancels >= now.cancels;
}

/** Random schedules from `seed` on, until a limit. */
export function exploreRandom(runner: GuestRunner, limits: Limits, seed: number): Exploration {
  let next = seed;
  const choices: Choices & { answers: number[] } = {
    answers: [],
    choose(count) {
      return random.choose(count);
    },
  };
  let random = new Random(next);
  choices.answers = random.answers;
  const advance = (): boolean => {
    random = new Random(++next);
    choices.answers = random.answers;
    return true;
  };
  return explore(runner, limits, choices, advance, () => 0);
}

function explore(
  runner: GuestRunner,
  limits: Limits,
  choices: Choices & { readonly answers: readonly number[] },
  advance: () => boolean,
  states: () => number,
): Exploration {
  const found = new Map<string, Discovery>();
  const began = performance.now();
  const { host, shadow } = runner;
  const callsBefore = host.run.calls;
  shadow.accesses = 0;
  let schedules = 0;
  let complete = false;
  const seconds = (): number => (performance.now() - began) / 1000;
  for (;;) {
    const before = host.run.calls;
    schedules++;
    try {
      runner.run(choices, limits.calls);
    } catch (error) {
      if (error instanceof Found) keepShortest(found, error, choices.answers, host.run.calls - before);
      else if (!(error instanceof Pruned)) throw error;
    }
    if (limits.first && found.size > 0) break;
    if (schedules >= limits.schedules) break;
    if (schedules % CLOCK_PERIOD === 0 && seconds() > limits.seconds) break;
    if (!advance()) {
      complete = true;
      break;
    }
  }
  const steps = host.run.calls - callsBefore + shadow.accesses;
  return {
    schedules,
    steps,
    states: states(),
    seconds: seconds(),
    complete,
    discoveries: [...found.values()],
  };
}

function keepShortest(
  found: Map<string, Discovery>,
  error: Found,
  answers: readonly number[],
  calls: number,
): void {
  const key = `${error.rule} ${error.site}`;
  const before = found.get(key);
  if (before && before.calls <= calls) return;
  found.set(key, {
    rule: error.rule,
    message: error.message,
    site: error.site,
    answers: [...answers],
    calls,
  });
}

/** Whether an error says that the guest is lost in a loop. */
export function isNeverReturns(error: unknown): error is NeverReturns {
  return error instanceof NeverReturns;
}

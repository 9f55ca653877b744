/** Makes a failing schedule short: fewer calls first, then the simplest answers. */
import { Found, Pruned } from "../found.js";
import type { LoggedCall } from "../model/call-log.js";
import { Replay } from "../model/choices.js";
import type { Discovery } from "./explore.js";
import type { GuestRunner } from "./guest-runner.js";

/** Runs that may be spent on one schedule. */
const ATTEMPTS = 400;

/** A schedule that was run again with its calls written down. */
export interface Replayed {
  readonly discovery: Discovery;
  readonly log: readonly LoggedCall[];
}

/** Shortens a discovery's schedule as long as it breaks the same rule. */
export function minimise(runner: GuestRunner, discovery: Discovery, calls: number): Replayed {
  let best = replay(runner, discovery.answers, calls);
  if (!best) throw new Error(`the schedule that broke ${discovery.rule} does not break it again`);
  let attempts = ATTEMPTS;
  const attempt = (answers: readonly number[]): boolean => {
    if (attempts-- <= 0) return false;
    const found = replay(runner, answers, calls);
    if (found?.discovery.rule !== discovery.rule || !isShorter(found, best!)) return false;
    best = found;
    return true;
  };
  for (let improved = true; improved && attempts > 0;) {
    improved = false;
    const { answers } = best.discovery;
    for (let i = 0; i < answers.length && !improved; i++) {
      improved = attempt(answers.slice(0, i)) || attempt([...answers.slice(0, i), ...answers.slice(i + 1)]);
      for (let lower = 0; lower < answers[i]! && !improved; lower++)
        improved = attempt([...answers.slice(0, i), lower, ...answers.slice(i + 1)]);
    }
  }
  return best;
}

function isShorter(a: Replayed, b: Replayed): boolean {
  const sum = (answers: readonly number[]): number => answers.reduce((total, answer) => total + answer, 0);
  if (a.log.length !== b.log.length) return a.log.length < b.log.length;
  return sum(a.discovery.answers) < sum(b.discovery.answers);
}

/** Runs given answers. @returns what they break and the calls until then; null when nothing breaks */
export function replay(runner: GuestRunner, answers: readonly number[], calls: number): Replayed | null {
  const log: LoggedCall[] = [];
  const choices = new Replay(answers);
  try {
    runner.run(choices, calls, log);
  } catch (error) {
    if (error instanceof Pruned) return null;
    if (!(error instanceof Found)) throw error;
    const { rule, message, site } = error;
    return { discovery: { rule, message, site, answers: choices.answers, calls: log.length }, log };
  }
  return null;
}

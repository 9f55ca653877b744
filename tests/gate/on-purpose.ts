/**
 * Functions of shipped guests that break a rule on purpose, because tests of the
 * hosts look at what happens then.
 */
import type { RuleName } from "../../tools/gate/rules.js";

/** By the guest's path without extension: each such function, and the rule that the gate finds broken. */
export const onPurpose: Readonly<Record<string, Readonly<Record<string, RuleName>>>> = {
  "tests/guests/futures/futures": {
    unwritten: "illegal-call",
    "twice-at-once": "guest-trap",
    // It traps unless the imported function doubles, which the model's does not.
    "give-up": "guest-trap",
  },
  // One keeps an end for a later call, the other never drops what it opens.
  "tests/guests/nested/nested": { keep: "handle-leaked", crowd: "handle-leaked" },
  "tests/guests/counters/counters": {
    "use-after-drop": "handle-after-drop",
    "use-kept": "handle-after-drop",
  },
};

/** Whether a function of the guest at `path` breaks no rule on purpose. */
export function isCorrect(path: string): (name: string) => boolean {
  const broken = onPurpose[path] ?? {};
  return (name) => !(name in broken);
}

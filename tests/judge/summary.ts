/** Verdicts as a few lines: how many passed, and why each other did not. */
import type { Verdict } from "./judge.js";
import { limitOf } from "./limits.js";

/** A verdict with what it is about. */
export interface Judged extends Verdict {
  readonly name: string;
}

/** How often each outcome came, and each limit. */
export function countOutcomes(verdicts: readonly Verdict[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of verdicts) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${String(count)} ${outcome}`).join(", ");
}

/** Refusals by the limit that they name, most frequent first. */
export function countLimits(verdicts: readonly Verdict[]): string[] {
  const counts = new Map<string, number>();
  for (const { outcome, why } of verdicts) {
    if (outcome !== "refused") continue;
    const limit = limitOf(why!) ?? `NOT DOCUMENTED: ${why!}`;
    counts.set(limit, (counts.get(limit) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([limit, count]) => `${String(count).padStart(5)}  ${limit}`);
}

/** What the reader of a test run sees of one lane. */
import type { Outcome } from "./lane.js";

/**
 * One line for a lane that passed or was skipped; for one that failed its whole
 * output and the line once more below it.
 */
export function outcomeLines(outcome: Outcome): string[] {
  const { lane, passed, failed, skipped, reason, output } = outcome;
  const time = `${outcome.seconds.toFixed(1)} s`.padStart(8);
  const line = (word: string, text: string): string => `${word}  ${lane.name.padEnd(12)} ${time}  ${text}`;
  if (failed > 0) {
    const verdict = line("FAIL", `${lane.what}: ${reason}`);
    return output === "" ? [verdict] : [verdict, output.trimEnd(), verdict];
  }
  if (passed === 0) return [line("SKIP", `!!! NOT RUN: ${lane.what}. ${reason}`)];
  const some = skipped > 0 ? `, ${skipped} skipped` : "";
  const figures = output === "" ? [] : output.split("\n").map((figure) => `        ${figure}`);
  return [line("pass", `${lane.what}: ${passed} passed${some}`), ...figures];
}

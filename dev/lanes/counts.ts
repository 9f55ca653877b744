/** How many tests ran: read from what the test programs print at their end. */
import { stripVTControlCharacters } from "node:util";

/** Tests by result. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Reads the counts out of a program's whole output and its exit code; null when it says none. */
export type Counter = (output: string, code: number | null) => Counts | null;

/**
 * node:test, reporter `spec` or `tap`: the summary of the whole run. A test
 * marked `todo` is one that was not passed.
 */
export const nodeTest: Counter = (output) => {
  const number = (word: string): number | null =>
    lastNumber(output, new RegExp(`^(?:ℹ|#) ${word} (\\d+)$`, "gmu"));
  const passed = number("pass");
  const failed = number("fail");
  if (passed === null || failed === null) return null;
  const skipped = (number("skipped") ?? 0) + (number("todo") ?? 0);
  return { passed, failed: failed + (number("cancelled") ?? 0), skipped };
};

/** A line of its own, `N passed, N failed`, as `rill conform` and `rill test` close with. */
export const closingLine: Counter = (output) => {
  const line = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  return line ? { passed: Number(line[1]), failed: Number(line[2]), skipped: Number(line[3] ?? 0) } : null;
};

/** A program that is one check: its exit code says it all. */
export const oneCheck: Counter = (_output, code) =>
  code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };

function lastNumber(output: string, pattern: RegExp): number | null {
  const last = [...stripVTControlCharacters(output).matchAll(pattern)].at(-1);
  return last ? Number(last[1]) : null;
}

/** How the tests of specs ended, as text. */
import { visible, visibleLines } from "../errors/visible-text.js";
import type { TestResult } from "./aspect-host.js";

/** A test's end, with the author's own lines that led to it. */
export interface PlacedResult extends TestResult {
  readonly places: readonly string[];
}

/** The results of one file. */
export interface SpecResults {
  /** The file as the user named it. */
  readonly file: string;
  readonly results: readonly PlacedResult[];
}

/** Tests by outcome. */
export function countResults(all: readonly SpecResults[]): Record<TestResult["outcome"], number> {
  const counts = { passed: 0, failed: 0, todo: 0 };
  for (const { results } of all) for (const { outcome } of results) counts[outcome]++;
  return counts;
}

const MARKS = { passed: "ok    ", failed: "FAILED", todo: "todo  " };

/** A file's results: its tests in their order, with what they logged and why they failed. */
export function specText({ file, results }: SpecResults): string {
  const lines = results.flatMap(({ path, outcome, message, places, logs }) => [
    `  ${MARKS[outcome]} ${visible(path.join(" › "))}`,
    ...logs.map((log) => `           log: ${visible(log)}`),
    ...(message === undefined ? [] : [`           ${visibleLines(message)}`]),
    ...places.map((place) => `           at ${visible(place)}`),
  ]);
  return `${visible(file)}\n${lines.join("\n")}\n`;
}

/** The last line. */
export function closingLine(all: readonly SpecResults[]): string {
  const { passed, failed, todo } = countResults(all);
  return `${passed} passed, ${failed} failed${todo > 0 ? `, ${todo} skipped` : ""}\n`;
}

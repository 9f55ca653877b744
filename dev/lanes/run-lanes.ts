/** Runs many lanes, a few at a time, and reports each as it ends. */
import type { Counts } from "./counts.js";
import type { Lane, Outcome } from "./lane.js";
import { outcomeLines } from "./outcome-lines.js";
import { defaultOptions, runLane, type RunOptions } from "./run-lane.js";

/** Lanes at a time; most of their programs use one core. */
const AT_A_TIME = 2;

/**
 * Runs `lanes`, handing the report's lines to `print`.
 * @returns the sums; a run without any test has one failed
 */
export async function runLanes(
  lanes: readonly Lane[],
  print: (line: string) => void,
  options: RunOptions = defaultOptions,
): Promise<Counts> {
  const waiting = [...lanes];
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
      const outcome = await runLane(lane, options);
      outcomes.push(outcome);
      outcomeLines(outcome).forEach(print);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const sum = (key: keyof Counts): number => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const counts = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
  if (counts.passed + counts.failed + counts.skipped > 0) return counts;
  print("no lane ran any test");
  return { ...counts, failed: 1 };
}

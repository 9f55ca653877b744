/** A guest for `rill run`: its calibration comes as a future, its answer goes as one. */
import { describe, summarize } from "./bindings/test-summary-sensor";

export function runSummarize(task: summarize.Task): void {
  const answer = task.resolve();
  const calibration = task.calibration.read();
  const summary = answer.value;
  summary.count = 0;
  summary.least = Infinity;
  summary.greatest = -Infinity;
  let sum: f64 = 0;
  while (task.samples.next()) {
    const value = <f32>(<i32>task.samples.value + calibration.offset) * calibration.scale;
    summary.least = min(summary.least, value);
    summary.greatest = max(summary.greatest, value);
    sum += value;
    summary.count++;
  }
  summary.mean = <f32>(sum / summary.count);
  answer.write();
}

export function runDescribe(task: describe.Task): void {
  const answer = task.resolve();
  let count = 0;
  while (task.samples.next()) count++;
  answer.write(task.name.read() + ": " + (count > 0 ? "alive" : "silent"));
}

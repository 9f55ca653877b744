import { summarize, waitLimit } from "./bindings/my-fut-stats";

export function runSummarize(task: summarize.Task): void {
  const answer = task.resolve();
  const summary = answer.value;
  summary.count = 0;
  summary.minimum = i32.MAX_VALUE;
  summary.maximum = i32.MIN_VALUE;
  let sum: f64 = 0;
  while (task.samples.next()) {
    const sample = task.samples.value;
    summary.count++;
    summary.minimum = min(summary.minimum, sample);
    summary.maximum = max(summary.maximum, sample);
    sum += sample;
  }
  summary.mean = summary.count ? <f32>(sum / summary.count) : 0;
  answer.write();
}

export function runWaitLimit(task: waitLimit.Task): void {
  const limit = task.limit.read();
  let count: u32 = 0;
  while (count < limit && task.samples.next()) count++;
  task.resolve(count);
}

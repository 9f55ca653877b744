import { kind, watch } from "./bindings/my-alarm-watch";

export function run(task: watch.Task): void {
  const output = task.resolve();
  let state = kind.cleared;
  while (task.samples.next()) {
    const sample = task.samples.value;
    const now = sample.value > task.high ? kind.high : sample.value < task.low ? kind.low : kind.cleared;
    if (now == state) continue;
    state = now;
    const event = output.value;
    event.timestamp = sample.timestamp;
    event.kind = now;
    event.value = sample.value;
    if (!output.writeOne(event)) break;
  }
}

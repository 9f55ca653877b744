import { beats } from "./bindings/rill-ecg-detector";
import { at, height, interval, push, reset } from "./qrs-detector";

/** Finds heartbeats: reads one sample at a time, writes a record for every beat. */
export function run(task: beats.Task): void {
  const input = task.samples;
  const output = task.resolve();
  reset();
  while (input.next()) {
    if (push(input.value)) {
      const beat = output.value;
      beat.at = at();
      beat.interval = interval();
      beat.height = height();
      if (!output.writeOne(beat)) break;
    }
  }
}

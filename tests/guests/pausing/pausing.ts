import { pause } from "as-rill/assembly";
import { count } from "./bindings/my-poll-p";
/** Set by a task that pauses, read by a function that is not async: there pausing does nothing. */
let pauses: u32 = 0;
export function runCount(task: count.Task): void {
  const samples = task.samples;
  let n: u32 = 0;
  for (;;) {
    samples.start();
    while (!samples.poll()) {
      pauses++;
      pause();
    }
    if (!samples.next()) break;
    n++;
  }
  task.resolve(n);
}
export function pauseCount(): u32 {
  pause();
  return pauses;
}

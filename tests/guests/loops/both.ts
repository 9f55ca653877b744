/** Polls until two timers have come, in whatever order: ok when the short one was first. */
import { run } from "./bindings/wasi-cli-run";
import { waitFor } from "./bindings/wasi-clocks-monotonic-clock";

export function runRun(task: run.Task): void {
  const short = waitFor.open();
  const long = waitFor.open();
  let isShort = short.start(100_000_000);
  let isLong = long.start(600_000_000);
  let first: u32 = 0;
  while (!isShort || !isLong) {
    isShort = short.poll();
    isLong = long.poll();
    if (first == 0 && isShort && !isLong) first = 1;
    else if (first == 0 && isLong && !isShort) first = 2;
  }
  short.drop();
  long.drop();
  task.resolve(first == 1);
}

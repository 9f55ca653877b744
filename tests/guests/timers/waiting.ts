/** Waits for time, alone and beside a stream. */
import { waitAny } from "as-rill/assembly";
import { earlier, gather, stuck, wait } from "./bindings/test-timers-app";
import { getResolution, now, waitFor, waitUntil } from "./bindings/wasi-clocks-monotonic-clock";

export function runWait(task: wait.Task): void {
  const start = now();
  waitFor.call(task.nanoseconds);
  task.resolve(now() - start);
}

export function runEarlier(task: earlier.Task): void {
  const start = now();
  const left = waitUntil.open();
  const right = waitUntil.open();
  left.start(start + task.left);
  right.start(start + task.right);
  waitAny(left, right);
  const taken = now() - start;
  left.drop();
  right.drop();
  task.resolve(taken);
}

export function runGather(task: gather.Task): void {
  const input = task.samples;
  let count: u32 = 0;
  for (;;) {
    input.start();
    waitFor.start(task.nanoseconds);
    const first = waitAny(input, waitFor.pending());
    waitFor.drop();
    if (first != 0 || !input.next()) break;
    count++;
  }
  input.drop();
  task.resolve(count);
}

export function runStuck(task: stuck.Task): void {
  waitFor.call(1_000_000);
  while (now() != 0) {}
  task.resolve();
}

export function resolution(): u64 {
  return getResolution();
}

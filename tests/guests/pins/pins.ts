/** A guest with imported functions, a stream beside a scalar, and sync functions: for the bindings in C. */
import * as board from "./bindings/my-gpio-board";
import { count, watch } from "./bindings/my-gpio-filter";

export function runWatch(task: watch.Task): void {
  const samples = task.samples;
  const threshold = task.threshold;
  const output = task.resolve();
  let on = false;
  while (samples.next()) {
    if (samples.value > threshold != on) {
      on = !on;
      board.set_(7, on);
    }
    if (!output.writeOne(u32(samples.value) * 2)) break;
  }
}

export function runCount(task: count.Task): void {
  const samples = task.samples;
  let sum: i32 = 0;
  while (samples.next()) sum += i32(samples.value) + task.int;
  task.resolve(sum);
}

export function add(a: u8, b: i64): i64 {
  return b + a + board.get_(a, -3);
}

export function echo(letter: u32): u32 {
  return board.mix(letter, 1.5, -2.5, -7000000000);
}

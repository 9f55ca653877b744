/** Calls of an imported function, one after the other. */
import { repeatLater } from "./bindings/test-asking-calls";
import * as given from "./bindings/test-asking-given";

export function repeatNow(times: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < times; i++) sum += given.now(i);
  return sum;
}

export function runLater(task: repeatLater.Task): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < task.times; i++) sum += given.later.call(i);
  task.resolve(sum);
}

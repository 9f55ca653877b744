/** Calls of functions that answer later, beside a stream. */
import { waitAny } from "as-rill/assembly";
import { both } from "./bindings/test-timers-asking";
import * as far from "./bindings/test-timers-far";

const LONG: u32 = 3_600_000;

export function runBoth(task: both.Task): void {
  const input = task.samples;
  const answer = task.output;
  let sum: u32 = 0;
  far.ask.start("who", 20);
  const given = far.count.open();
  const never = far.count.open();
  given.start(7, 60);
  never.start(1, LONG);
  while (input.next()) sum += input.value;
  if (waitAny(given, far.ask.pending(), never) == 2) unreachable();
  never.drop();
  answer.item0 = far.ask.result();
  answer.item1 = given.result();
  answer.item2 = sum;
  given.drop();
  task.resolve(answer);
}

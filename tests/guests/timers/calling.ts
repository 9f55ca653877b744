/** Calls of functions that answer later, beside a stream. */
import { waitAny } from "as-rill/assembly";
import { both, texts } from "./bindings/test-timers-asking";
import * as far from "./bindings/test-timers-far";

const LONG: u32 = 3_600_000;

export function runBoth(task: both.Task): void {
  const input = task.samples;
  const answer = task.output;
  let sum: u32 = 0;
  far.count.start(3, 20);
  const given = far.count.open();
  const never = far.count.open();
  given.start(7, 60);
  never.start(1, LONG);
  while (input.next()) sum += input.value;
  if (waitAny(given, far.count.pending(), never) == 2) unreachable();
  never.drop();
  answer.item0 = far.count.result();
  answer.item1 = given.result();
  answer.item2 = sum;
  given.drop();
  task.resolve(answer);
}

export function runTexts(task: texts.Task): void {
  const first = far.ask.open();
  const second = far.ask.open();
  first.start("first", 60);
  second.start("second", 20);
  const text = second.result() + " " + first.result();
  first.drop();
  second.drop();
  task.resolve(text);
}

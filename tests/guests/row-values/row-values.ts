/** Guests of a row that take values beside their stream, and ask the host. */
import { OptionU32, asked, askedLater, named, outside, within } from "./bindings/test-row-more-values";
import * as board from "./bindings/test-row-more-board";

export function runWithin(task: within.Task): void {
  const low = <u32>task.limits.low;
  const high = <u32>task.limits.high;
  const clamps = task.others == outside.clamped;
  const factor = task.factor;
  const more = task.more.tag == OptionU32.some ? task.more.some : 0;
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    const item = input.value;
    if (!clamps && (item < low || item > high)) continue;
    const kept = item < low ? low : item > high ? high : item;
    if (!output.writeOne(<u32>(<f32>kept * factor) + more)) return;
  }
}

export function runAsked(task: asked.Task): void {
  const plus = task.plus;
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne(board.level(input.value) + plus)) return;
}

export function runAskedLater(task: askedLater.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne(board.later.call(input.value))) return;
}

export function runNamed(task: named.Task): void {
  const name = task.name;
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne(name + " " + input.value.toString())) return;
}

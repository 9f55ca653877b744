/** Functions of the host: a pin, and a log. */
import { blink } from "./bindings/rill-gpio-app";
import * as board from "./bindings/rill-gpio-board";

const LAMP: u8 = 13;

export function run(task: blink.Task): void {
  let count: u32 = 0;
  while (task.samples.next()) {
    const sample = task.samples.value;
    const isAbove = sample > task.threshold;
    board.set_(LAMP, isAbove);
    if (!isAbove) continue;
    count++;
    board.log("above: " + sample.toString());
  }
  task.resolve(count);
}

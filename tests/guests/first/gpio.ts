import { blink } from "./bindings/my-gpio-app";
import * as board from "./bindings/my-gpio-board";

export function run(task: blink.Task): void {
  let count: u32 = 0;
  while (task.samples.next()) {
    if (task.samples.value <= task.threshold) continue;
    count++;
    board.set_(13, true);
    board.log("above: " + task.samples.value.toString());
    board.set_(13, false);
  }
  task.resolve(count);
}

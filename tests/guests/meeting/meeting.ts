import { waitAny } from "as-rill/assembly";
import { sum } from "./bindings/my-meet-m";

export function run(task: sum.Task): void {
  const a = task.a;
  const b = task.b;
  let total: u32 = 0;
  a.start();
  b.start();
  while (!(a.done && b.done)) {
    if (waitAny(a, b) == 0) {
      if (a.next()) {
        total += a.value;
        a.start();
      }
    } else if (b.next()) {
      total += b.value;
      b.start();
    }
  }
  task.resolve(total);
}

import { waitableSetNew } from "as-rill/assembly/abi/waitable-set";
import { sum } from "./bindings/sum";

/** Wrong: makes a set that nobody knows when the task is over. */
export function run(task: sum.Task): void {
  waitableSetNew();
  let total: u32 = 0;
  while (task.x.next()) total += task.x.value;
  task.resolve(total);
}

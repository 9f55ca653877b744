import { waitAny } from "as-rill/assembly";
import { advise } from "./bindings/counsel-import";
import { decide } from "./bindings/counsel";

/** Two calls of one function at once, taken in the order in which they answer; a third is cancelled. */
export function run(task: decide.Task): void {
  const first = advise.open();
  const second = advise.open();
  const third = advise.open();
  let total: u32 = 0;
  first.start(1);
  second.start(2);
  third.start(3);
  for (let left = 2; left > 0; left--)
    total += waitAny(first, second) == 0 ? first.result() : second.result();
  third.drop();
  second.drop();
  first.drop();
  task.resolve(total);
}

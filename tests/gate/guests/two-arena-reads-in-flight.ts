import { pair } from "./bindings/tags";

/**
 * Reads of strings and of lists are in flight at once: the host says of no block
 * whose item it is for, and each stays whole.
 */
export function run(task: pair.Task): void {
  const names = task.a;
  const numbers = task.b;
  const output = task.resolve();
  const item = output.value;
  for (let round = 0; round < 3; round++) {
    names.start();
    numbers.start();
    if (!numbers.next() || !names.next()) return;
    item.numbers = numbers.value;
    item.name = names.value;
    if (!output.writeOne(item)) return;
  }
}

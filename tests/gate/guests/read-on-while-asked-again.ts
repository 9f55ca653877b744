import { pair } from "./bindings/tags";

/**
 * Reads go on while others are asked again: an item that has come, held or not looked for yet, stays whole.
 */
export function run(task: pair.Task): void {
  const names = task.a;
  const numbers = task.b;
  const output = task.resolve();
  names.start();
  numbers.start();
  if (names.poll()) names.start();
  if (!numbers.next()) return;
  numbers.start();
  if (!numbers.next() || !names.next()) return;
  const item = output.value;
  item.name = names.value;
  item.numbers = numbers.value;
  output.writeOne(item);
}

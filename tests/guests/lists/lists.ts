/** Lists as items: read by the guest byte by byte, and handed on without a copy. */
import { same, sums } from "./bindings/test-lists-bytes";

export function sum(task: sums.Task): void {
  const lists = task.x;
  const output = task.resolve();
  while (lists.next()) {
    const bytes = lists.value;
    let sum: u32 = 0;
    for (let i = 0; i < bytes.length; i++) sum += unchecked(bytes[i]);
    if (!output.writeOne(sum)) break;
  }
}

export function pass(task: same.Task): void {
  const lists = task.x;
  const output = task.resolve();
  while (lists.next() && output.writeOne(lists.value)) {}
}

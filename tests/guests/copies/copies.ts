/** Copies of several items at once: what an item costs by how many come together. */
import { by1, by16, by256, by4096 } from "./bindings/test-copies-doubles";

/** Room for the longest copy. */
const ITEMS = memory.data(4 * 4096, 4);

export function copyBy1(task: by1.Task): void {
  pass(task, 1);
}

export function copyBy16(task: by16.Task): void {
  pass(task, 16);
}

export function copyBy256(task: by256.Task): void {
  pass(task, 256);
}

export function copyBy4096(task: by4096.Task): void {
  pass(task, 4096);
}


@inline
function pass<T>(task: T, most: i32): void {
  const input = task.x;
  const output = task.resolve();
  for (;;) {
    // SAFETY: ITEMS has room for the longest copy, and is lent to one at a time.
    const count = input.readInto(ITEMS, most);
    for (let at = ITEMS; at < ITEMS + 4 * <usize>count; at += 4) store<u32>(at, 2 * load<u32>(at));
    if (!count || output.writeFrom(ITEMS, count) < count) break;
  }
}

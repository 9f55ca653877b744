import { pass } from "./bindings/pass";

const THREE = 3;
const items: StaticArray<u16> = [0, 0, 0];

/** Whole arrays: filled one item at a time where the host gives less, and written in as many copies as the reader needs. */
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  const first = input.read(items, THREE);
  let sent = 0;
  while (sent < first) {
    items[0] = items[sent];
    if (!output.write(items, 1)) return;
    sent++;
  }
  while (true) {
    const progress = input.collect(items, THREE);
    const taken = output.writeAll(items, progress);
    if (taken < progress || progress < THREE) return;
  }
}

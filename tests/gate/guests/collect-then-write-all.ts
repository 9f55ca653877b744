import { pass } from "./bindings/pass";

const items: StaticArray<u16> = [0, 0];

/** A whole array, filled by as many copies as the host needs, and written in as many as the reader needs. */
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (true) {
    const progress = input.collect(items, items.length);
    if (progress < items.length && !input.done) unreachable();
    const taken = output.writeAll(items, progress);
    if (taken < progress && !output.done) unreachable();
    if (taken < progress || progress < items.length) break;
  }
  input.drop();
}

import { pair } from "./bindings/tags";

/** An item of each of two streams, side by side: neither's memory is touched by the other. */
export function run(task: pair.Task): void {
  const a = task.a;
  const b = task.b;
  const output = task.resolve();
  while (a.next() && b.next()) {
    const tag = output.value;
    tag.name = a.value;
    tag.numbers = b.value;
    if (!output.writeOne(tag)) return;
  }
}

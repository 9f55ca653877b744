import { beat } from "./bindings/beat";

/** Passes on items that have no value, one at a time and then two. */
export function run(task: beat.Task): void {
  const input = task.x;
  const output = task.resolve();
  if (input.next() && !output.writeOne()) return;
  input.start();
  if (!input.poll()) input.cancel();
  if (input.next()) output.start();
  while (input.next()) {
    // SAFETY: items without a value have no bytes.
    if (!output.writeFrom(0, 2)) return;
  }
}

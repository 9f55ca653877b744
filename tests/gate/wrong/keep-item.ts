import { label } from "./bindings/label";

/** Wrong: keeps a string over the next item, which takes its memory. */
export function run(task: label.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    const first = input.value;
    if (!input.next() || !output.writeOne(first + input.value)) return;
  }
}

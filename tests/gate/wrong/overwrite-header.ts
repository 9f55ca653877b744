import { label } from "./bindings/label";

/** Wrong: shortens a string in place, by the word in front of it. */
export function run(task: label.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    const text = input.value;
    if (text.length > 1) store<u32>(changetype<usize>(text) - 4, 2);
    if (!output.writeOne(text)) return;
  }
}

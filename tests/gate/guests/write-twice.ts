import { label } from "./bindings/label";

/** Writes each item twice, the second time as the slot holds it, perhaps before the first time is over. */
export function run(task: label.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    output.start(input.value);
    if (!output.writeOne()) return;
  }
}

import { label } from "./bindings/label";

/** Wrong: asks for the next item, which takes the string's memory, while the string is being written. */
export function run(task: label.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    if (!output.start(input.value + "!") && input.next()) output.cancel();
  }
}

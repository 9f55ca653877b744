import { label } from "./bindings/label";

/** Starts a write of a string and settles it before the next item takes its memory. */
export function run(task: label.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    output.start(input.value + "!");
    if (!output.poll()) output.cancel();
    if (!output.taken && !output.writeOne("again")) return;
  }
}

import { label } from "./bindings/label";

/** Wrong: changes a string while the host is reading it. */
export function run(task: label.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    const text = input.value + "!";
    output.start(text);
    store<u16>(changetype<usize>(text), 63);
    if (!output.poll()) output.cancel();
  }
}

import { label } from "./bindings/label";

/** Strings made of strings, one at a time. */
export function run(task: label.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne("# " + input.value)) return;
}

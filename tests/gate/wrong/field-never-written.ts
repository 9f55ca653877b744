import { smooth } from "./bindings/readings";

/** Wrong: sends a record of which one field was stored. */
export function run(task: smooth.Task): void {
  const output = task.resolve();
  output.value.at = 1;
  output.writeOne(output.value);
}

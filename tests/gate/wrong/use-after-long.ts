import { openScope } from "as-rill/assembly";
import { label } from "./bindings/label";

/** Wrong: uses what was made in a scope, once it has needed all of its memory for something else. */
export function run(task: label.Task): void {
  const output = task.resolve();
  const scope = openScope();
  output.writeOne("short".padEnd(40));
  scope.close();
  const long = "long".padEnd(220);
  const inner = openScope();
  const end = long.slice(0, 4);
  inner.close();
  output.writeOne(end);
}

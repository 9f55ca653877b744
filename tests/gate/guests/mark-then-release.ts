import { mark, releaseTo } from "as-rill/assembly";
import { label } from "./bindings/label";

/** Makes strings that it needs for a moment, and gives back their memory alone. */
export function run(task: label.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    const before = mark();
    let units = ("(" + input.value + ")").length;
    releaseTo(before);
    units += (input.value + "-").length;
    if (!output.writeOne(input.value + units.toString())) return;
  }
}

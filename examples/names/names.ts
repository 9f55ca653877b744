/** Puts a number sign in front of each name: a stream of strings, one at a time, in a fixed arena. */
import { label } from "./bindings/rill-names-labels";

export function run(task: label.Task): void {
  const names = task.x;
  const labels = task.resolve();
  while (names.next()) {
    if (!labels.writeOne("# " + names.value)) break;
  }
}

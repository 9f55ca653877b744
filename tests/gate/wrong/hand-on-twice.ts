import { double } from "./bindings/caller-import";
import { run } from "./bindings/caller";

/** Wrong: hands one end on to two calls. */
export function main(task: run.Task): void {
  double.x().drop();
  const first = double.call();
  double.call(first).drop();
  double.call(first);
  task.resolve(0);
}

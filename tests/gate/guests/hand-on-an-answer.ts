import { double } from "./bindings/caller-import";
import { run } from "./bindings/caller";

/** What one call answers with is handed on to the next, which is cancelled: whoever has the end drops it. */
export function main(task: run.Task): void {
  const input = double.x();
  const first = double.call();
  double.start(first);
  input.start(1);
  if (double.cancel()) {
    const second = double.result();
    second.next();
    second.drop();
  }
  task.resolve(input.taken ? 1 : 0);
  double.drop();
  input.drop();
}

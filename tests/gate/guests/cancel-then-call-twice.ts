import { double } from "./bindings/caller-import";
import { run } from "./bindings/caller";

/**
 * Calls an imported function twice, with copies cancelled and settled before:
 * nothing of them is left in the way.
 */
export function main(task: run.Task): void {
  let input = double.x();
  input.start(1);
  input.cancel();
  input.start(1);
  input.cancel();
  let output = double.call();
  if (!output.start()) output.next();
  if (!output.start()) output.next();
  input.drop();
  output.drop();
  input = double.x();
  output = double.call();
  input.drop();
  output.drop();
  task.resolve(0);
}

import { double } from "./bindings/caller-import";
import { run } from "./bindings/caller";

/** Calls an imported function, writes to it and reads what it answers. */
export function main(task: run.Task): void {
  const input = double.x();
  const output = double.call();
  let total: u32 = 0;
  if (input.writeOne(1) && output.next()) total += output.value;
  output.start();
  input.start(2);
  if (output.poll() && output.next()) total += output.value;
  input.drop();
  while (output.next()) total += output.value;
  output.drop();
  task.resolve(total);
}

import { advise } from "./bindings/counsel-import";
import { decide } from "./bindings/counsel";

/** Waits for a call while a read is in flight: the read's event may come first. */
export function run(task: decide.Task): void {
  const input = task.x;
  let total: u32 = 0;
  input.start();
  total += advise.call(1);
  if (input.next()) total += input.value;
  task.resolve(total);
}

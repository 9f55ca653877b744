import { pause, waitAny } from "as-rill/assembly";
import { advise } from "./bindings/counsel-import";
import { decide } from "./bindings/counsel";

/**
 * Takes items until a call has answered, or there are no more; then waits for the
 * call. Pauses once, with both in flight.
 */
export function run(task: decide.Task): void {
  const input = task.x;
  let total: u32 = 0;
  input.start();
  advise.start(1);
  pause();
  while (waitAny(input, advise.pending()) == 0) {
    if (!input.next()) break;
    total += input.value;
    input.start();
  }
  total += advise.result();
  task.resolve(total);
}

/** A guest in a row that tells the time. */
import { space } from "./bindings/test-row-clock-spaced";
import { waitFor } from "./bindings/wasi-clocks-monotonic-clock";

export function runSpace(task: space.Task): void {
  const input = task.x;
  const nanoseconds = task.nanoseconds;
  const output = task.resolve();
  while (input.next()) {
    waitFor.call(nanoseconds);
    if (!output.writeOne(input.value)) return;
  }
}

import { oath } from "./bindings/oath";

/**
 * Begins to read and to write without waiting, gives up what has not settled, and leaves a
 * value for the case that it goes early.
 */
export function run(task: oath.Task): void {
  const input = task.x;
  const output = task.resolve();
  output.preset(5);
  if (!input.start() && !input.poll() && !input.cancel()) {
    if (input.done) unreachable();
    input.start();
  }
  if (!input.poll()) return;
  const value = input.read();
  if (input.read() != value) unreachable();
  if (!output.start(value + 1) && !output.poll()) output.cancel();
  if (!output.done) output.start(value + 1);
}

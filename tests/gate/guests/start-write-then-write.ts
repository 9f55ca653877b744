import { oath } from "./bindings/oath";

/**
 * Begins to write, then writes what the slot holds: the copy in flight is waited for, and a
 * value that was taken is not written again.
 */
export function run(task: oath.Task): void {
  const output = task.resolve();
  if (!output.start(task.x.read() + 1) && !output.write() && !output.done) unreachable();
}

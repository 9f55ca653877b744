import { oath } from "./bindings/oath";

/** Waits for what it has begun, drops the reader itself, and writes again what was not taken. */
export function run(task: oath.Task): void {
  const input = task.x;
  const output = task.resolve();
  input.start();
  const value = input.read();
  if (!input.done || !input.start()) unreachable();
  input.drop();
  output.start(value + 1);
  if (!output.cancel() && !output.done) output.start(value + 2);
  output.drop();
  if (!input.done || !output.done) unreachable();
}

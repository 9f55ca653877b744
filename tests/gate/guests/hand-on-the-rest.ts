import { pass } from "./bindings/pass";

/** Reads the first item itself; the rest goes to the caller as it comes. */
export function run(task: pass.Task): void {
  const input = task.x;
  if (!input.next() || input.done) {
    task.resolve();
    return;
  }
  task.resolve(input);
  if (input.next() || !input.done) unreachable();
}

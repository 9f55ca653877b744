import { pass } from "./bindings/pass";

/** Reads the next item while the last is being written; the epilogue cancels what is in flight. */
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    output.start(input.value);
    input.start();
    if (output.poll() && output.done) return;
    if (!output.writeOne(7)) return;
  }
}

import { pass } from "./bindings/pass";

/** Starts a read again while an item is held: nothing begins. */
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.start() || input.cancel() || input.next()) {
    input.start();
    if (!input.next()) return;
    if (!output.writeOne(input.value)) return;
  }
}

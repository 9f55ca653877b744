import { pass } from "./bindings/pass";

/** Wrong: asks for the value of the item before while the next read is in flight. */
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    if (!input.start() && !output.writeOne(input.value)) return;
  }
}

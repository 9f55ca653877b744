import { pass } from "./bindings/pass";

/** Starts copies at both ends, polls, cancels what has not settled, and writes again what was not taken. */
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (!output.done) {
    if (!input.start() && !input.poll() && !input.cancel()) {
      if (!input.next()) break;
    } else if (!input.next()) break;
    const item = input.value;
    output.start(item + 1);
    if (!output.poll()) output.cancel();
    if (!output.taken && !output.writeOne(item + 1)) break;
  }
}

import { pass } from "./bindings/pass";

const buffer = memory.data(256, 2);

/** Is lost in a loop that the standard library's code was inlined in. */
export function run(task: pass.Task): void {
  const output = task.resolve();
  output.writeOne(1);
  while (true) {
    memory.fill(buffer, 1, 200);
  }
}

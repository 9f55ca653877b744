import { pass } from "./bindings/pass";

/** Goes away early: the reader while a read is in flight, the writer after one item. */
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  if (input.next() && output.writeOne(input.value)) {
    input.start();
    input.drop();
    output.start(3);
    output.drop();
    if (input.next() || output.writeOne(4) || output.taken) unreachable();
  }
}

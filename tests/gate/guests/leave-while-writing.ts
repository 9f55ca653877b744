import { count } from "./bindings/count";

/** Goes away while its only write is in flight. */
export function run(task: count.Task): void {
  const output = task.resolve();
  if (output.writeOne(0)) output.start(1);
}

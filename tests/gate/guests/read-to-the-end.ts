import { sum } from "./bindings/sum";

/** Reads to the end, one at a time. */
export function run(task: sum.Task): void {
  const input = task.x;
  let total: u32 = 0;
  while (input.next()) total += input.value;
  task.resolve(total);
}

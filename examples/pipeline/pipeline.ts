/** Two stages, each a function: the host joins them, in one instance or in two. */
import { halve, sum } from "./bindings/rill-pipeline-stage";

export function runHalve(task: halve.Task): void {
  const output = task.resolve();
  for (let isOdd = true; task.samples.next(); isOdd = !isOdd) {
    if (isOdd && !output.writeOne(task.samples.value)) break;
  }
}

export function runSum(task: sum.Task): void {
  const output = task.resolve();
  let sum: u32 = 0;
  while (task.samples.next()) {
    sum += task.samples.value;
    if (!output.writeOne(sum)) break;
  }
}

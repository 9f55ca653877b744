import { smooth } from "./bindings/readings";

/** Wrong: a flag that was set for one item is still set in the next one. */
export function run(task: smooth.Task): void {
  const output = task.resolve();
  let first = true;
  while (task.x.next()) {
    const reading = task.x.value;
    const answer = output.value;
    answer.at = reading.at;
    answer.level = reading.level;
    if (first) answer.flag = true;
    first = false;
    if (!output.writeOne(answer)) return;
  }
}

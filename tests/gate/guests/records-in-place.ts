import { smooth } from "./bindings/readings";

/** Records: views of the reader's slot, filled in place in the writer's. */
export function run(task: smooth.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    const reading = input.value;
    const answer = output.value;
    answer.at = reading.at;
    answer.level = reading.level >> 1;
    answer.flag = !reading.flag;
    if (!output.writeOne(answer)) break;
    if (!output.writeOne(reading)) break;
  }
}

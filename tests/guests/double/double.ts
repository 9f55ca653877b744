import { double } from "./bindings/my-test-i";

export function run(task: double.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    if (!output.writeOne(input.value * 2)) break;
  }
}

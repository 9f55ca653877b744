import { sum } from "./bindings/my-sum-i";

export function run(task: sum.Task): void {
  const a = task.a;
  const b = task.b;
  const output = task.resolve();
  while (a.next() && b.next()) {
    if (!output.writeOne(<u64>a.value + <u64>b.value)) break;
  }
}

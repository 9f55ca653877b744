import { run } from "./bindings/asker";

class Count {
  calls: i32 = 0;
}

let count: Count | null = null;

/** Wrong: an object lives in the task's memory, and is used by the next task. */
export function main(task: run.Task): void {
  const made = new Count();
  made.calls++;
  if (count) made.calls += count!.calls;
  count = made;
  task.resolve(made.calls.toString());
}

export function twice(name: string): string {
  return name;
}

import { merge } from "./bindings/merge";

/** Takes from two streams whichever has an item; both reads are in flight at once. */
export function run(task: merge.Task): void {
  const a = task.a;
  const b = task.b;
  const output = task.resolve();
  a.start();
  b.start();
  while (true) {
    if (a.next()) {
      if (!output.writeOne(a.value)) return;
      a.start();
    }
    if (b.next()) {
      if (!output.writeOne(<u32>b.value)) return;
      b.start();
    }
    if (a.done && b.done) return;
  }
}

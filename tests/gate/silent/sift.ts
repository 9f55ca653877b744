import { waitAny } from "as-rill/assembly";
import { merge } from "./bindings/merge";

/**
 * Two streams and its own reader: whichever settles; items of both go on in the
 * order in which they are answered.
 */
export function run(task: merge.Task): void {
  const a = task.a;
  const b = task.b;
  const output = task.resolve();
  let isFree = true;
  a.start();
  b.start();
  while (!output.done && !(a.done && b.done)) {
    const first = waitAny(a, b, output);
    if (first == 2) {
      if (!output.taken) return;
      isFree = true;
      continue;
    }
    if (!isFree) {
      output.cancel();
      isFree = true;
    }
    if (first == 0 && a.next()) {
      isFree = output.start(a.value);
      a.start();
    } else if (first == 1 && b.next()) {
      isFree = output.start(<u32>b.value);
      b.start();
    }
  }
}

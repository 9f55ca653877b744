import { mark, releaseTo } from "as-rill/assembly";
import { mix } from "./bindings/mixed";

/** Wrong: gives back where an item lands while it waits for another stream's. */
export function run(task: mix.Task): void {
  const a = task.a;
  const b = task.b;
  const output = task.resolve();
  a.start();
  const before = mark();
  let count = 0;
  if (b.next()) count++;
  releaseTo(before);
  if (a.next()) output.writeOne(a.value + count.toString());
}

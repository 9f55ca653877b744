import { double } from "./bindings/my-test-i";
import * as next from "./bindings/my-test-i-import";

/** Hands on the stream that came, and the one that is answered. */
export function run(task: double.Task): void {
  task.resolve(next.double.call(task.x));
}

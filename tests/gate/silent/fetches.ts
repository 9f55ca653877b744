import { fetch } from "./bindings/errand-import";
import { errand } from "./bindings/errand";

/** Two calls at once, each with a stream of its own; the second is cancelled. */
export function run(task: errand.Task): void {
  const first = fetch.open();
  const second = fetch.open();
  const one = first.x();
  const other = second.x();
  first.start();
  second.start();
  one.writeOne(1);
  other.start(2);
  second.cancel();
  other.drop();
  second.drop();
  one.drop();
  const answer = first.result();
  const value = answer.read();
  answer.drop();
  first.drop();
  task.resolve(value);
}

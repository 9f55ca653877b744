import { waitAny } from "as-rill/assembly";
import { ask } from "./bindings/gather-import";
import { gather } from "./bindings/gather";

/**
 * Two questions at once, whose answers are strings: each stays whole until its own call's place is used anew.
 */
export function run(task: gather.Task): void {
  const first = ask.open();
  const second = ask.open();
  first.start("one");
  second.start("another");
  waitAny(first, second);
  const answer = second.result();
  const other = first.result();
  first.drop();
  second.drop();
  task.resolve(answer.length > other.length ? answer : other);
}

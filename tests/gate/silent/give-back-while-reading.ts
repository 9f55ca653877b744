import { ask } from "./bindings/gather-import";
import { gather } from "./bindings/gather";

/**
 * A loop that gives back with each turn what a call has answered, while strings come that other reads have
 * asked for: they stay.
 */
export function run(task: gather.Task): void {
  const a = task.a;
  const b = task.b;
  let characters = 0;
  a.start();
  b.start();
  for (let n = 0; n < 2; n++) {
    const answer = ask.call("what?");
    characters += answer.length;
  }
  const isFirst = a.next();
  if (isFirst) characters += a.value.length;
  task.resolve(isFirst && b.next() ? a.value + b.value : characters > 0 ? "some" : "none");
}

import { gather } from "./bindings/gather";
import { ask } from "./bindings/gather-import";

/**
 * A call goes on while items come that lie in the same arena: what it was passed,
 * its answer and the items each stay whole.
 */
export function run(task: gather.Task): void {
  const a = task.a;
  const b = task.b;
  if (!a.next()) {
    task.resolve("");
    return;
  }
  ask.start(a.value);
  const second = a.next();
  const answer = ask.result();
  const third = b.next();
  task.resolve(answer + (second ? a.value : "-") + (third ? b.value : "-"));
}

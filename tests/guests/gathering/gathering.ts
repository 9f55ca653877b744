/** Calls that go on, with strings and lists among parameters, results and items. */
import { abandon, gather } from "./bindings/test-gathering-made";
import { ask, look } from "./bindings/test-gathering-outside";

export function runGather(task: gather.Task): void {
  const x = task.x;
  const output = task.resolve();
  while (x.next()) {
    ask.start(x.value);
    look.start(x.value + "~");
    const more = x.next();
    const found = look.result();
    if (!output.writeOne(ask.result() + found[0] + found[1])) return;
    if (more && !output.writeOne(x.value)) return;
  }
}

export function runAbandon(task: abandon.Task): void {
  ask.start(task.x);
  task.resolve();
}

import { post } from "./bindings/post";
import { ask } from "./bindings/post-import";

/** Passes an item to a call that goes on, and asks for the next ones before the callee has read it. */
export function run(task: post.Task): void {
  const a = task.a;
  const b = task.b;
  let n = 0;
  if (a.next()) {
    b.start();
    ask.start(a.value);
    if (a.next()) n += a.value.length;
    n += ask.result().length;
    ask.start("again");
    if (b.next()) n += b.value.name.length;
    n += ask.result().length;
  }
  task.resolve(n.toString());
}

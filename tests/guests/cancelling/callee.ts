import { count, pass } from "./bindings/test-cancelling-slow";

/** Counts before it answers: a caller that gives up is heard while this waits. */
export function runCount(task: count.Task): void {
  let n: u32 = 0;
  while (task.bytes.next()) n++;
  task.resolve(n);
}

/** Waits for the first byte before it answers, so its stream may never come to be. */
export function runPass(task: pass.Task): void {
  let more = task.bytes.next();
  const output = task.resolve();
  for (; more; more = task.bytes.next()) if (!output.writeOne(task.bytes.value)) return;
}

/** What `ends-runner` calls on an engine. */
import * as i from "./bindings/test-ends-i";
import { FutureString, StreamU16 } from "./bindings/test-ends-i";

export function runTwice(task: i.twice.Task): void {
  const answer = task.resolve();
  answer.write(task.x.read() * 2);
}

export function runCount(task: i.count.Task): void {
  let count: u32 = 0;
  while (task.ticks.next()) count++;
  task.resolve(count);
}

export function runFlatten(task: i.flatten.Task): void {
  const output = task.resolve();
  while (task.x.next()) {
    const inner = task.x.value.open();
    while (inner.next()) output.writeOne(inner.value);
    inner.drop();
  }
}

export function runSum(task: i.sum.Task): void {
  const items = task.x.items.open();
  const note = task.x.note.open();
  let sum: u32 = task.x.id;
  while (items.next()) sum += items.value;
  task.resolve(sum + note.read().length);
  items.drop();
  note.drop();
}

export function runPack(task: i.pack.Task): void {
  const items = StreamU16.create();
  const note = FutureString.create();
  task.output.id = 9;
  task.output.items = StreamU16.readable(items);
  task.output.note = FutureString.readable(note);
  task.resolve(task.output);
  for (let n: u16 = 0; n < task.n; n++) items.writeOne(n);
  items.drop();
  note.write(task.note + "!");
  note.drop();
}

export function runSlow(task: i.slow.Task): void {
  task.gate.read();
  task.resolve(task.n);
}

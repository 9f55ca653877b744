/** A guest of which several calls go on at once: for the bindings in C. */
import * as clock from "./bindings/my-lanes-clock";
import * as work from "./bindings/my-lanes-work";
import { add, double, hold, pause } from "./bindings/my-lanes-work";

let count: u32 = 0;

export function runDouble(task: double.Task): void {
  count++;
  const items = task.items;
  const output = task.resolve();
  while (items.next()) if (!output.writeOne(items.value * 2)) break;
}

export function runAdd(task: add.Task): void {
  count++;
  const output = task.output;
  const waited = clock.waitFor.call(task.milliseconds);
  if (task.pair.b.tag == 0) {
    output.tag = work.ResultU32Speed.error;
    output.error = work.speed.fast;
  } else {
    const more = task.more;
    more.read();
    output.tag = work.ResultU32Speed.ok;
    output.ok = waited + more.value + task.pair.a + task.pair.b.some + <u32>task.name.length;
  }
  task.resolve(output);
}

export function runHold(task: hold.Task): void {
  count++;
  const lamp = task.lamp;
  let letters: u32 = 0;
  for (let i = 0; i < task.names.length; i++) letters += <u32>task.names[i].length;
  const waited = clock.waitFor.call(task.milliseconds);
  const output = task.output;
  output.item0 = lamp;
  output.item1 = waited + letters + <u32>lamp.pin();
  task.resolve(output);
}

export function runPause(task: pause.Task): void {
  count++;
  clock.nap.call(task.milliseconds);
  if (!task.cancelled) task.resolve();
}

export function begun(speed: work.Speed): u32 {
  return speed == work.speed.fast ? count * 100 : count;
}

/** A guest that has several calls of one imported function under way: for the bindings in C. */
import { fetchTwo, giveUp, uploadTwo, waitAll } from "./bindings/my-beside-control";
import * as net from "./bindings/my-beside-net";

export function runWaitAll(task: waitAll.Task): void {
  const first = net.waitFor.open();
  const second = net.waitFor.open();
  const third = net.waitFor.open();
  let sum: u32 = 0;
  first.start(1);
  if (task.count > 1) second.start(2);
  if (task.count > 2) third.start(3);
  // Of one more than the firmware has places for.
  if (task.count > 3) net.waitFor.start(4);
  if (task.count > 2) sum += third.result();
  if (task.count > 1) sum += second.result();
  sum += first.result();
  third.drop();
  second.drop();
  first.drop();
  task.resolve(sum);
}

export function runFetchTwo(task: fetchTwo.Task): void {
  const left = net.dial.open();
  const right = net.dial.open();
  left.start(1);
  right.start(2);
  const one = left.result();
  const other = right.result();
  const first = net.fetch.open();
  const second = net.fetch.open();
  first.start(one, "/one");
  second.start(other, "/other");
  const late = second.result();
  const text = late.tag == net.ResultStringU16.ok ? late.ok : late.error.toString();
  const early = first.result();
  task.resolve((early.tag == net.ResultStringU16.ok ? early.ok : early.error.toString()) + "," + text);
  first.drop();
  second.drop();
  left.drop();
  right.drop();
  one.drop();
  other.drop();
}

export function runUploadTwo(task: uploadTwo.Task): void {
  const first = net.upload.open();
  const second = net.upload.open();
  const left = first.bytes();
  first.start(1);
  const right = second.bytes();
  second.start(2);
  for (let i: u8 = 0; i < task.count; i++) {
    left.writeOne(i);
    right.writeOne(100 + i);
  }
  right.drop();
  const sum = second.result() * 1000;
  left.drop();
  task.resolve(sum + first.result());
  first.drop();
  second.drop();
}

export function runGiveUp(task: giveUp.Task): void {
  const first = net.waitFor.open();
  const second = net.waitFor.open();
  first.start(50);
  second.start(60);
  first.cancel();
  task.resolve(second.result());
  first.drop();
  second.drop();
}

/** A guest that passes streams and futures to functions of its host, and gets some: for the bindings in C. */
import { mark_, run, send, through } from "./bindings/my-scope-control";
import * as device from "./bindings/my-scope-device";
import { FuturePoint, StreamI16 } from "./bindings/my-scope-device";

export function runRun(task: run.Task): void {
  const start = task.begin.read();
  const answer = task.resolve();
  const point = answer.value;
  const calibrated = device.calibrate().open();
  point.at = calibrated.read() + task.count;
  point.value = <i16>start;
  calibrated.drop();
  answer.write();
}

export function runThrough(task: through.Task): void {
  const heard = device.listen(task.channel).open();
  const writer = StreamI16.create();
  const rate = device.play(StreamI16.readable(writer), 8000);
  let count: u32 = 0;
  while (count < task.most && heard.next()) {
    count++;
    if (!writer.writeOne(-(<i16>heard.value))) break;
  }
  writer.drop();
  heard.drop();
  task.resolve(count * 100 + rate);
}

export function runSend(task: send.Task): void {
  const bytes = device.upload.bytes();
  device.upload.start();
  for (let i: u32 = 0; i < task.count; i++) if (!bytes.writeOne(<u8>i)) break;
  bytes.drop();
  device.upload.wait();
  task.resolve(device.upload.result());
}

export function twice(): void {
  const first = StreamI16.create();
  device.play(StreamI16.readable(first), 1);
  const second = StreamI16.create();
  device.play(StreamI16.readable(second), 2);
}

export function runMark(task: mark_.Task): void {
  const future = FuturePoint.create();
  device.trigger(FuturePoint.readable(future));
  future.value.at = 5;
  future.value.value = task.value;
  future.write();
  future.drop();
  task.resolve();
}

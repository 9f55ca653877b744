/** A guest that passes streams and futures to functions of its host, and gets some: for the bindings in C. */
import {
  Future,
  FutureU16,
  StreamU16,
  TupleFutureU32StreamI16,
  TupleStreamI16FutureU32,
  echo,
  kept,
  mark_,
  pack,
  run,
  send,
  through,
  tuned,
  turnResult,
  unpack,
} from "./bindings/my-scope-control";
import * as device from "./bindings/my-scope-device";
import {
  FuturePoint,
  FutureU32,
  OptionFutureU32,
  ResultStreamU16U8,
  StreamI16,
} from "./bindings/my-scope-device";

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

export function runEcho(task: echo.Task): void {
  task.go.read();
  const output = task.resolve();
  while (task.ticks.next()) if (!output.writeOne()) break;
}

export function runTuned(task: tuned.Task): void {
  const heard = device.tune.call(task.channel);
  let sum: u32 = 0;
  while (heard.next()) sum += heard.value;
  heard.drop();
  const warm = device.warm.call();
  warm.read();
  warm.drop();
  const ticks = device.tick().open();
  let count: u32 = 0;
  while (ticks.next()) count++;
  ticks.drop();
  task.resolve(sum * 100 + count);
}

export function loop(samples: StreamU16, go: Future): StreamU16 {
  go.drop();
  return samples;
}

let saved: StreamU16 = changetype<StreamU16>(0);

export function keep(samples: StreamU16, go: FutureU16): FutureU16 {
  saved = samples;
  return go;
}

export function runKept(task: kept.Task): void {
  const samples = saved.open();
  let sum: u32 = 0;
  while (samples.next()) sum += samples.value;
  samples.drop();
  task.resolve(sum);
}

export function runPack(task: pack.Task): void {
  const given = task.track.samples.open();
  let sum: u32 = task.track.id;
  while (given.next()) sum += <u32>given.value;
  given.drop();
  if (task.track.sum.tag == OptionFutureU32.some) {
    const other = task.track.sum.some.open();
    sum += other.read();
    other.drop();
  }
  const samples = StreamI16.create();
  const total = FutureU32.create();
  task.output.id = task.track.id + 1;
  task.output.samples = StreamI16.readable(samples);
  task.output.sum.tag = OptionFutureU32.some;
  task.output.sum.some = FutureU32.readable(total);
  task.resolve(task.output);
  for (let n: u16 = 0; n < task.count; n++) if (!samples.writeOne(<i16>n * 2)) break;
  samples.drop();
  total.write(sum);
  total.drop();
}

export function runUnpack(task: unpack.Task): void {
  const samples = StreamI16.create();
  const track = device.store_.track();
  track.id = 4;
  track.samples = StreamI16.readable(samples);
  track.sum.tag = OptionFutureU32.none;
  const stored = device.store_(track);
  for (let n: u16 = 0; n < task.count; n++) if (!samples.writeOne(<i16>n)) break;
  samples.drop();
  let sum: u32 = 0;
  if (stored.tag == ResultStreamU16U8.ok) {
    const echo = stored.ok.open();
    while (echo.next()) sum += echo.value;
    echo.drop();
  }
  const answer = device.later.call(9);
  const ticks = answer.item0.open();
  const value = answer.item1.open();
  while (ticks.next()) sum += 1000;
  ticks.drop();
  sum += value.read();
  value.drop();
  task.resolve(sum);
}

export function turn(both: TupleStreamI16FutureU32): TupleFutureU32StreamI16 {
  const answer = turnResult();
  answer.item0 = both.item1;
  answer.item1 = both.item0;
  return answer;
}

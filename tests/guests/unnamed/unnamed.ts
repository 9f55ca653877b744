/** Streams and futures within a guest, of types that its world does not name. */
import {
  Future,
  FutureF32,
  FutureF64,
  FutureI16,
  FutureI32,
  FutureI64,
  FutureI8,
  FutureU16,
  FutureU32,
  FutureU64,
  FutureU8,
  Stream,
  StreamF32,
  StreamF64,
  StreamI16,
  StreamI32,
  StreamI64,
  StreamI8,
  StreamU16,
  StreamU32,
  StreamU64,
  StreamU8,
} from "as-rill/pairs";
import {
  cancelled,
  doubled,
  futures,
  made,
  streams,
  sum,
  through,
  ticks,
  total,
} from "./bindings/test-unnamed-ends";

/** An item through a stream; its ends are dropped. */
function item<W, R, T>(writer: W, reader: R, x: T): T {
  reader.start();
  writer.writeOne(x);
  const came = reader.next() ? reader.value : <T>0;
  writer.drop();
  reader.drop();
  return came;
}

/** A value through a future; its ends are dropped. */
function value<W, R, T>(writer: W, reader: R, x: T): T {
  reader.start();
  writer.write(x);
  const came = reader.read();
  writer.drop();
  reader.drop();
  return came;
}

export function runThrough(task: through.Task): void {
  const stream = StreamF32.create();
  const future = FutureF64.create();
  const came = item(stream, StreamF32.readable(stream).open(), task.x);
  task.resolve(<f32>value(future, FutureF64.readable(future).open(), <f64>came));
}

export function runSum(task: sum.Task): void {
  const writer = StreamU64.create();
  const reader = StreamU64.readable(writer).open();
  let total: u64 = 0;
  for (let i: u32 = 0; i < task.count; i++) {
    reader.start();
    if (!writer.writeOne(i)) unreachable();
    if (reader.next()) total += reader.value;
  }
  task.resolve(total);
  writer.drop();
  reader.drop();
}

export function runTicks(task: ticks.Task): void {
  const writer = Stream.create();
  const reader = Stream.readable(writer).open();
  let count: u32 = 0;
  for (let i: u32 = 0; i < task.count; i++) {
    reader.start();
    if (!writer.writeOne()) unreachable();
    if (reader.next()) count++;
  }
  writer.drop();
  if (reader.next()) unreachable();
  reader.drop();
  const last = Future.create();
  const ended = Future.readable(last).open();
  ended.start();
  last.write();
  ended.read();
  last.drop();
  ended.drop();
  task.resolve(count);
}

const written = new StaticArray<i16>(4);
const read = new StaticArray<i16>(4);

export function runCancelled(task: cancelled.Task): void {
  const writer = StreamI16.create();
  const reader = StreamI16.readable(writer).open();
  if (reader.startRead(read, 2) || reader.cancel()) unreachable();
  for (let i = 0; i < 4; i++) written[i] = <i16>-i;
  if (writer.startWrite(written, 4)) unreachable();
  for (let i = 0; i < 3; i++) if (reader.read(read, 1) != 1 || read[0] != <i16>-i) unreachable();
  writer.cancel();
  task.resolve(writer.progress);
  writer.drop();
  reader.drop();
}

export function runStreams(task: streams.Task): void {
  let lost: u32 = 0;
  const streamU8 = StreamU8.create();
  if (item(streamU8, StreamU8.readable(streamU8).open(), u8.MAX_VALUE) != u8.MAX_VALUE) lost |= 1 << 0;
  const streamI8 = StreamI8.create();
  if (item(streamI8, StreamI8.readable(streamI8).open(), i8.MIN_VALUE) != i8.MIN_VALUE) lost |= 1 << 1;
  const streamU16 = StreamU16.create();
  if (item(streamU16, StreamU16.readable(streamU16).open(), u16.MAX_VALUE) != u16.MAX_VALUE) lost |= 1 << 2;
  const streamI16 = StreamI16.create();
  if (item(streamI16, StreamI16.readable(streamI16).open(), i16.MIN_VALUE) != i16.MIN_VALUE) lost |= 1 << 3;
  const streamU32 = StreamU32.create();
  if (item(streamU32, StreamU32.readable(streamU32).open(), u32.MAX_VALUE) != u32.MAX_VALUE) lost |= 1 << 4;
  const streamI32 = StreamI32.create();
  if (item(streamI32, StreamI32.readable(streamI32).open(), i32.MIN_VALUE) != i32.MIN_VALUE) lost |= 1 << 5;
  const streamU64 = StreamU64.create();
  if (item(streamU64, StreamU64.readable(streamU64).open(), u64.MAX_VALUE) != u64.MAX_VALUE) lost |= 1 << 6;
  const streamI64 = StreamI64.create();
  if (item(streamI64, StreamI64.readable(streamI64).open(), i64.MIN_VALUE) != i64.MIN_VALUE) lost |= 1 << 7;
  const streamF32 = StreamF32.create();
  if (item(streamF32, StreamF32.readable(streamF32).open(), f32.MIN_VALUE) != f32.MIN_VALUE) lost |= 1 << 8;
  const streamF64 = StreamF64.create();
  if (item(streamF64, StreamF64.readable(streamF64).open(), f64.MIN_VALUE) != f64.MIN_VALUE) lost |= 1 << 9;
  task.resolve(lost);
}

export function runFutures(task: futures.Task): void {
  let lost: u32 = 0;
  const futureU8 = FutureU8.create();
  if (value(futureU8, FutureU8.readable(futureU8).open(), u8.MAX_VALUE) != u8.MAX_VALUE) lost |= 1 << 0;
  const futureI8 = FutureI8.create();
  if (value(futureI8, FutureI8.readable(futureI8).open(), i8.MIN_VALUE) != i8.MIN_VALUE) lost |= 1 << 1;
  const futureU16 = FutureU16.create();
  if (value(futureU16, FutureU16.readable(futureU16).open(), u16.MAX_VALUE) != u16.MAX_VALUE) lost |= 1 << 2;
  const futureI16 = FutureI16.create();
  if (value(futureI16, FutureI16.readable(futureI16).open(), i16.MIN_VALUE) != i16.MIN_VALUE) lost |= 1 << 3;
  const futureU32 = FutureU32.create();
  if (value(futureU32, FutureU32.readable(futureU32).open(), u32.MAX_VALUE) != u32.MAX_VALUE) lost |= 1 << 4;
  const futureI32 = FutureI32.create();
  if (value(futureI32, FutureI32.readable(futureI32).open(), i32.MIN_VALUE) != i32.MIN_VALUE) lost |= 1 << 5;
  const futureU64 = FutureU64.create();
  if (value(futureU64, FutureU64.readable(futureU64).open(), u64.MAX_VALUE) != u64.MAX_VALUE) lost |= 1 << 6;
  const futureI64 = FutureI64.create();
  if (value(futureI64, FutureI64.readable(futureI64).open(), i64.MIN_VALUE) != i64.MIN_VALUE) lost |= 1 << 7;
  const futureF32 = FutureF32.create();
  if (value(futureF32, FutureF32.readable(futureF32).open(), f32.MIN_VALUE) != f32.MIN_VALUE) lost |= 1 << 8;
  const futureF64 = FutureF64.create();
  if (value(futureF64, FutureF64.readable(futureF64).open(), f64.MIN_VALUE) != f64.MIN_VALUE) lost |= 1 << 9;
  task.resolve(lost);
}

export function runMade(task: made.Task): void {
  const output = StreamU8.create();
  task.resolve(StreamU8.readable(output));
  for (let i: u32 = 0; i < task.n; i++) if (!output.writeOne(<u8>i)) break;
  output.drop();
}

export function runTotal(task: total.Task): void {
  let sum: u32 = 0;
  while (task.x.next()) sum += task.x.value;
  task.resolve(sum);
}

export function runDoubled(task: doubled.Task): void {
  const output = task.resolve();
  const writer = StreamF32.create();
  const reader = StreamF32.readable(writer).open();
  while (task.x.next()) {
    reader.start();
    writer.writeOne(<f32>task.x.value);
    if (!reader.next() || !output.writeOne(<u32>(reader.value * 2.0))) break;
  }
  writer.drop();
  reader.drop();
}

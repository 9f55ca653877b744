/** Futures and a unit stream with both ends in the same guest. */
import { FutureU32, OptionFutureU32, OptionStream, Stream, local } from "./bindings/test-inner-ends";

/** A value through a future whose read was cancelled once. */
function sent(n: u32): u32 {
  const writer = FutureU32.create();
  const reader = FutureU32.readable(writer).open();
  if (reader.start() || reader.cancel()) unreachable();
  if (writer.start(n)) unreachable();
  const value = reader.read();
  writer.drop();
  reader.drop();
  return value;
}

/** Ticks through a stream, one at a time. */
function ticked(n: u32): u32 {
  const writer = Stream.create();
  const reader = Stream.readable(writer).open();
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    reader.start();
    if (!writer.writeOne()) unreachable();
    if (reader.next()) count++;
  }
  writer.drop();
  if (reader.next()) unreachable();
  reader.drop();
  return count;
}

export function runLocal(task: local.Task): void {
  const preset = FutureU32.create();
  const reader = FutureU32.readable(preset).open();
  reader.start();
  preset.preset(task.n);
  preset.drop();
  const last = reader.read();
  reader.drop();
  task.resolve(sent(task.n) + ticked(task.n) + last);
}

export function types(x: OptionFutureU32, y: OptionStream): void {
  if (x.tag) x.some.drop();
  if (y.tag) y.some.drop();
}

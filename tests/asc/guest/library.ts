/**
 * Uses all that the library offers, so that asc checks it: generic code is only
 * checked where it is instantiated.
 */
import {
  Place,
  elemSize,
  mark,
  openScope,
  pause,
  releaseTo,
  slotArray,
  takePlace,
  waitAny,
} from "as-rill/assembly";
import { Token, echo, feed } from "./bindings/test-library-given";
import { Counter, number_, numbers, text, texts, ticks } from "./bindings/test-library-made";
import { calls, overlap } from "./bindings/test-library-uses";

/** What a counter remembers. */
@unmanaged
class State extends Place {
  value: u32;
}

const MOST = 2;
const STATES: usize = memory.data(<i32>(MOST * offsetof<State>()), 4);
const ITEMS = 4;
const items: StaticArray<u32> = [0, 0, 0, 0];

/** One for each resource that the host lends. */
export function newCounter(start: u32): Counter {
  const state = takePlace<State>(STATES, MOST)!;
  state.value = start;
  return Counter.of(state);
}

/** What the counter has. */
export function counterGet(self: State): u32 {
  return self.value;
}

/** Ends a counter. */
export function dropCounter(self: State): void {
  self.release();
}

/** A stream of numbers, in every way that there is. */
export function runNumbers(task: numbers.Task): void {
  const input = task.input;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne(input.value)) break;
  slotArray<u32>(output)[0] = input.value;
  output.writeOne();
  output.writeAll(items, input.collect(items, ITEMS));
  output.write(items, input.read(items, ITEMS));
  // SAFETY: the array is static.
  const ptr = changetype<usize>(items);
  output.writeFrom(ptr, input.readInto(ptr, ITEMS));
  if (!input.start() && !input.poll()) input.cancel();
  if (!output.start(output.value) && !output.poll() && !output.taken) output.cancel();
  if (!input.startRead(items, ITEMS)) pause();
  waitAny(input, output);
  output.startWrite(items, input.progress);
  if (output.cancel()) input.startReadInto(ptr, output.progress);
  if (!input.cancel()) output.startWriteFrom(ptr, ITEMS);
  if (input.done || output.done) output.writeOne(<u32>elemSize<u32>());
  if (input.done || input.operations == null || !input.handOn()) input.close();
  output.close();
  input.drop();
  output.drop();
  output.openDone();
}

/** A stream of strings: each is gone with the next. */
export function runTexts(task: texts.Task): void {
  const input = task.input;
  const output = task.resolve();
  while (input.next()) {
    const position = mark();
    output.writeOne(input.value + "!");
    releaseTo(position);
    openScope().close();
  }
  if (!input.start() && !input.poll()) input.cancel();
  if (!input.done) input.drop();
}

/** A future of a number, in every way that there is. */
export function runNumber(task: number_.Task): void {
  const input = task.input;
  const output = task.resolve();
  output.preset(1);
  if (!input.start() && !input.poll()) input.cancel();
  output.array[0] = input.done ? input.value : input.read();
  if (!output.start() && !output.poll() && !output.taken) output.cancel();
  if (!output.done) output.write(output.value);
  if (input.done || input.operations == null || !input.handOn()) input.close();
  output.close();
  input.drop();
  output.drop();
  output.openDone();
}

/** A future of a string. */
export function runText(task: text.Task): void {
  const input = task.input;
  if (!input.start() && !input.poll()) input.cancel();
  task.resolve().write(input.read() + "!");
  input.drop();
}

/** A stream without element type. */
export function runTicks(task: ticks.Task): void {
  let count: u32 = 0;
  while (task.input.next()) count++;
  task.resolve(count);
}

/** A call that holds pointers. */
export function runCalls(task: calls.Task): void {
  const token = Token.create("token");
  echo.start(token.name(), task.notes);
  token.drop();
  task.resolve(echo.poll() ? echo.result() : echo.call(task.text, task.notes));
}

/** A call that goes on while the guest writes. */
export function runOverlap(task: overlap.Task): void {
  const output = feed.items();
  feed.start(task.count);
  output.writeOne(0);
  output.drop();
  if (feed.started() && feed.cancel()) feed.drop();
  const input = feed.call(task.count);
  task.resolve(input.read());
  input.drop();
}

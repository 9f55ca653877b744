/**
 * What a spec that `rill test` runs imports: `import { host } from "as-rill/spec"`.
 *
 *     const samples = host.writer<u16>().writeAll([10, 20]).drop();
 *     const answers = host.reader<u16>();
 *     const task = host.task<smooth.Task>();
 *     task.enter(samples.end);
 *     run(task);
 *     task.exit();
 *     expect(answers.items).toStrictEqual([5, 15]);
 *
 * The guest runs in the spec's own module; the host plays what the spec has said before. No real time is in
 * it: a *turn* passes when the guest waits, polls or pauses.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { TestReader, TestWriter } from "./ends";
import * as script from "./script";

export { TestReader, TestWriter } from "./ends";

/** A read, write or call did not end at once. Spec: CanonicalABI.md, BLOCKED. */
export const BLOCKED: u32 = 0xffff_ffff;
/** A call goes on, or has ended. Spec: CanonicalABI.md, EventCode. */
export const SUBTASK: u32 = 1;
/** A copy into a readable end has ended. Spec: CanonicalABI.md, EventCode. */
export const STREAM_READ: u32 = 2;
/** A copy from a writable end has ended. Spec: CanonicalABI.md, EventCode. */
export const STREAM_WRITE: u32 = 3;
/** The value of a future is there. Spec: CanonicalABI.md, EventCode. */
export const FUTURE_READ: u32 = 4;
/** The value of a future was taken. Spec: CanonicalABI.md, EventCode. */
export const FUTURE_WRITE: u32 = 5;

/** The bytes of `value` in memory that the host may read. */
@inline
function bytesOf<T>(value: T): StaticArray<u64> {
  const bytes = new StaticArray<u64>(1);
  // SAFETY: no value type is longer than the array, whose address is its first byte.
  store<T>(changetype<usize>(bytes), value);
  return bytes;
}

/** The host as a spec scripts and questions it. */
export namespace host {
  /** Forgets every end, call and item, and what is still scripted. Handles are numbered from 1 again. */
  export function reset(): void {
    script.reset();
  }

  /** A task of the bindings: call `enter` with the parameters, then the guest's function, then `exit`. */
  @inline
  export function task<T>(): T {
    // SAFETY: a Task holds no state of its own; its parts lie in the static frame.
    return changetype<T>(0);
  }

  /** The writer of a stream or future that the guest gets: its `end` is the parameter. */
  export function writer<T>(): TestWriter<T> {
    return new TestWriter<T>();
  }

  /** Reads the next stream or future that the guest makes, and leaves after `take` items. */
  export function reader<T>(take: i32 = -1): TestReader<T> {
    return new TestReader<T>(take);
  }

  /**
   * From here on each copy with a `writer` or `reader` is answered BLOCKED first and ends by an event; until
   * `reset`, or `blocks(false)`.
   */
  export function blocks(blocks: bool = true): void {
    script.block(blocks);
  }

  /**
   * The next call of the imported function `name` that has no answer yet returns, at once or after `turns`.
   * An async function without one fails the test, and so does a function with a result.
   */
  export function returns(name: string, turns: u32 = 0): void {
    script.returns(name, 0, 0, turns);
  }

  /** The same with a result: a number, a handle, or a record's class from the bindings. */
  export function returnsValue<T>(name: string, value: T, turns: u32 = 0): void {
    if (isReference<T>()) script.returns(name, changetype<usize>(value), <u32>offsetof<T>(), turns);
    else script.returns(name, changetype<usize>(bytesOf<T>(value)), <u32>sizeof<T>(), turns);
  }

  /** What the guest has answered with `task.resolve(value)`: part `index` of it. */
  export function answered<T>(index: i32 = 0): T {
    const call = script.lastCall("task.return");
    assert(call >= 0, "the guest has not answered: task.return was not called");
    // SAFETY: T is string.
    if (isString<T>()) return changetype<T>(text(call, index));
    return <T>script.argument(call, index);
  }

  /** Whether the guest has answered. */
  export function hasAnswered(): bool {
    return script.lastCall("task.return") >= 0;
  }

  /** The built-ins and functions called since `reset`, in order, with a blank between them. */
  export function calls(): string {
    const byteLength = script.callsLength();
    const bytes = new StaticArray<u8>(byteLength);
    script.calls(changetype<usize>(bytes));
    return String.UTF16.decodeUnsafe(changetype<usize>(bytes), byteLength);
  }

  /** The latest call of `name`, from 0; -1 when there was none. */
  export function lastCall(name: string): i32 {
    return script.lastCall(name);
  }

  /** Argument `index` of call `call`, both from 0. */
  export function argument(call: i32, index: i32): u32 {
    return <u32>(<i64>script.argument(call, index));
  }

  /** The string whose address and length are the arguments `index` and `index + 1` of call `call`. */
  export function text(call: i32, index: i32): string {
    const byteLength = script.textLength(call, index);
    const bytes = new StaticArray<u8>(byteLength);
    script.text(call, index, changetype<usize>(bytes));
    return String.UTF16.decodeUnsafe(changetype<usize>(bytes), byteLength);
  }

  /** The next call of the built-in or function that has no answer yet answers `result`, word for word. */
  export function answers(name: string, result: u64): void {
    script.answer(name, u32(result), u32(result >> 32));
  }

  /** The next wait or poll that has no event yet gets this one. An event for a copy settles it. */
  export function event(code: u32, handle: u32, payload: u32): void {
    script.event(code, handle, payload);
  }

  /** What was scripted last brings `item`: it is in the read's buffer with the answer or event. */
  export function brings<T>(item: T): void {
    script.bring(changetype<usize>(bytesOf<T>(item)), <u32>sizeof<T>());
  }

  /** When it has told the latest event, the host takes `byteLength` bytes from the spec's `cabi_realloc`. */
  export function lowers(byteLength: u32): void {
    script.lower(byteLength);
  }

  /** The item that the host took from a write's buffer, counted from 0, as it was when the host took it. */
  export function taken<T>(index: i32): T {
    const bytes = new StaticArray<u64>(1);
    script.taken(index, changetype<usize>(bytes), <u32>sizeof<T>());
    // SAFETY: no value type is longer than the array, whose address is its first byte.
    return load<T>(changetype<usize>(bytes));
  }

  /** How many writes the host took an item from. */
  export function takenCount(): i32 {
    return script.takenCount();
  }

  /** How many answers and events nobody has asked for. */
  export function unused(): i32 {
    return script.unused();
  }
}

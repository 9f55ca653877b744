/**
 * The spec's side of the scripted host (dev/aspect/scripted-host.ts): queue what the canonical built-ins
 * answer, run the code under test, then look at the calls it made and the items it wrote.
 *
 *     host.reset();
 *     host.answers("stream.read", BLOCKED);
 *     host.event(STREAM_READ, 1, ONE_ITEM); host.brings<u32>(7);
 *     expect(reader.next()).toBe(true);
 *     expect(host.calls()).toBe("stream.read waitable-set.wait");
 *
 * Built-ins go by the specification's names. `stream.new`, `future.new` and `waitable-set.new` number their
 * handles from 1 when nothing is scripted; built-ins without a result need no script; any other call without
 * an answer throws, and so does every call that would trap, a wait without an event among them.
 */
namespace script {
  /** See `host.reset`. */
  @external("script", "reset") export declare function reset(): void;

  /** See `host.answers`; the result in two halves. */
  @external("script", "answer") export declare function answer(builtin: string, low: u32, high: u32): void;

  /** See `host.event`. */
  @external("script", "event") export declare function event(code: u32, handle: u32, payload: u32): void;

  /** See `host.brings`. */
  @external("script", "bring") export declare function bring(item: ArrayBuffer): void;

  /** See `host.lowers`. */
  @external("script", "lower") export declare function lower(byteLength: u32): void;

  /** See `host.taken`; the buffer may be longer than the item. */
  @external("script", "taken") export declare function taken(index: i32): ArrayBuffer;

  /** See `host.takenCount`. */
  @external("script", "takenCount") export declare function takenCount(): i32;

  /** See `host.calls`. */
  @external("script", "calls") export declare function calls(): string;

  /** See `host.argument`. */
  @external("script", "argument") export declare function argument(call: i32, index: i32): u32;

  /** See `host.unused`. */
  @external("script", "unused") export declare function unused(): i32;
}

/** A copy into a readable end has ended. Spec: CanonicalABI.md, EventCode. */
export const STREAM_READ: u32 = 2;
/** A copy from a writable end has ended. Spec: CanonicalABI.md, EventCode. */
export const STREAM_WRITE: u32 = 3;
/** The value of a future is there. Spec: CanonicalABI.md, EventCode. */
export const FUTURE_READ: u32 = 4;
/** The value of a future was taken. Spec: CanonicalABI.md, EventCode. */
export const FUTURE_WRITE: u32 = 5;

/** The host as a spec scripts and questions it. */
export namespace host {
  /** Forgets every end, call, item and what is still scripted. Handles are numbered from 1 again. */
  export function reset(): void {
    script.reset();
  }

  /** The next call of `builtin` that has no answer yet answers `result`. */
  export function answers(builtin: string, result: u64): void {
    script.answer(builtin, u32(result), u32(result >> 32));
  }

  /** The next wait or poll that has no event yet gets this one. An event for a copy settles it. */
  export function event(code: u32, handle: u32, payload: u32): void {
    script.event(code, handle, payload);
  }

  /**
   * What was scripted last brings `item`: it is in the read's buffer when the answer or the event is there.
   */
  export function brings<T>(item: T): void {
    const bytes = new ArrayBuffer(sizeof<T>());
    store<T>(changetype<usize>(bytes), item);
    script.bring(bytes);
  }

  /**
   * When it has told the event that was scripted last, the host takes
   * `byteLength` bytes from the spec's `cabi_realloc`.
   */
  export function lowers(byteLength: u32): void {
    script.lower(byteLength);
  }

  /** The item that the host took from a write's buffer, counted from 0, as it was when the host took it. */
  export function taken<T>(index: i32): T {
    return load<T>(changetype<usize>(script.taken(index)));
  }

  /** How many writes the host took an item from. */
  export function takenCount(): i32 {
    return script.takenCount();
  }

  /** The built-ins called since `reset`, in order, with a blank between them. */
  export function calls(): string {
    return script.calls();
  }

  /** Argument `index` of call `call`, both from 0. */
  export function argument(call: i32, index: i32): u32 {
    return script.argument(call, index);
  }

  /** How many answers and events nobody has asked for. */
  export function unused(): i32 {
    return script.unused();
  }
}

/**
 * The canonical built-ins on waitable sets.
 * Spec: CanonicalABI.md, canon waitable-set.{new,wait,poll} and waitable.join.
 */
// @ts-nocheck: AssemblyScript; asc checks it

/** Makes an empty waitable set. @returns its handle, never 0. */
@external("$root", "[waitable-set-new]")
export declare function waitableSetNew(): u32;

/**
 * Waits until a waitable of `set` has an event and takes that event.
 * @param ptr address of 8 bytes, 4-aligned: the waitable's handle and the event's payload are written there
 * @returns the event's code
 * Traps: `set` is not a waitable set; nothing can ever happen
 * Caller must: give memory that nobody else uses meanwhile
 */
@unsafe
@external("$root", "[waitable-set-wait]")
export declare function waitableSetWait(set: u32, ptr: usize): u32;

/**
 * Like `waitableSetWait`, of a set that holds one readable end of a stream and nothing else.
 *
 * The name is the build's alone, and is in no finished module: a guest of strategy `callback` goes on where
 * the event's code says (tools/compile/callback/expected-events.ts). Caller must: as there; be one that no
 * cancellation comes to
 */
@unsafe
@external("$root", "[waitable-set-wait]stream-read")
export declare function waitableSetWaitRead(set: u32, ptr: usize): u32;

/** The same of a set that holds one writable end of a stream. Caller must: as there */
@unsafe
@external("$root", "[waitable-set-wait]stream-write")
export declare function waitableSetWaitWrite(set: u32, ptr: usize): u32;

/**
 * Like `waitableSetWait`, but answers 0 (and writes two zeros) when there is no event. It looks at what is
 * there, and lets nobody run that could make more of it: that is `thread.yield`. Caller must: as there
 */
@unsafe
@external("$root", "[waitable-set-poll]")
export declare function waitableSetPoll(set: u32, ptr: usize): u32;

/** Puts `waitable` into `set`, out of the one it was in; `set` 0 takes it out of any. */
@external("$root", "[waitable-join]")
export declare function waitableJoin(waitable: u32, set: u32): void;

/**
 * The state of one end's copies and the transitions that readable and writable ends share.
 *
 * An operation lies in a task's static frame and never moves. It uses the words of the object header that
 * AssemblyScript keeps in front of a `StaticArray`'s elements and that nothing in a `stub` build reads, so
 * that the slot behind it is the one element of a `StaticArray<T>(1)`:
 *
 *     offset  header   operation
 *      0      mmInfo   handle     index in the handle table; 0 when the frame holds no end
 *      4      gcInfo   status     packed result of the last copy, or BLOCKED while one is in flight
 *      8      gcInfo2  waitables  handle of the operation's own waitable set; 0 before its first end
 *     12      rtId                whether the last copy that was begun without waiting is of many items; of
 *                                 readers of items with pointers: where they land, see landing.ts
 *     16      rtSize              byte length of the slot; written by `array` alone; else as above
 *     20      element  the slot: one element in canonical layout, aligned to its type
 *
 *     IDLE ──start, BLOCKED──▶ IN FLIGHT ──event, or cancel──▶ IDLE, or DONE when the result says DROPPED
 *       └──start, result at once─────────────────────────────▶ IDLE, or DONE
 *       └──drop, handOn──▶ DONE          IN FLIGHT ──drop: cancel, take the result in, drop──▶ DONE
 *
 * IN FLIGHT is `status == BLOCKED`; DONE is the DROPPED bit of a settled status; all else is IDLE. A copy
 * that settled outside `next` and brought an item carries HELD until `next` takes that item.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { BLOCKED, CopyResult, PROGRESS_MASK, PROGRESS_SHIFT } from "./abi/copy-result";
import { waitableJoin, waitableSetNew, waitableSetPoll } from "./abi/waitable-set";
import { awaitExpected, awaitToEnd } from "./cancellation";
import { announceHandedOn } from "./check";
import { EVENT, EVENT_NONE } from "./task/waiting";

/** Bytes from an operation to its slot: the AssemblyScript object header. */
export const SLOT_OFFSET: usize = 20;

/**
 * The bit of a settled status that says: the slot holds an item that no call has
 * answered for yet. Results have no such bit.
 */
export const HELD: u32 = 8;

/**
 * Whether a copy may be in flight outside the call that began it. Only `start` sets it: in a guest that never
 * calls `start` it is the constant `false` to the optimizer, and what asks for it costs nothing.
 */
export let overlapping: bool = false;

/**
 * Whether an end may be dropped before its task ends. Only `drop` sets it; in a guest that never
 * calls `drop` the epilogue need not ask.
 */
let dropping: bool = false;

/**
 * Whether a copy into or out of a caller's buffer may be in flight outside the call that began it. Only
 * `startRead` and `startWrite` set it, as `overlapping`.
 */
export let copyingMany: bool = false;

/**
 * Whether reads of streams are waited for beside other things anywhere. Only `waitAny` sets it, as
 * `overlapping`.
 */
export let abreast: bool = false;

/** One end's copies; layout and states are drawn at the top of this file. 20 bytes, then the slot. */
@unmanaged
export class Operation {
  /** Index in the handle table; 0 when the frame holds no end. */
  handle: u32;
  /** `BLOCKED` while a copy is in flight, else the packed result of the last one (0 before the first). */
  status: u32;
  /**
   * Handle of the operation's own waitable set, made for its first end and kept
   * for the ends after it; 0 before that.
   */
  waitables: u32;
}

/**
 * Gives `operation` the end `handle`, idle, and puts the end into the
 * operation's waitable set, where it stays.
 */
@inline
export function openOperation(operation: Operation, handle: u32): void {
  if (!isDefined(RILL_CALLBACK)) operation.handle = handle;
  operation.status = CopyResult.COMPLETED;
  joinSet(operation, handle);
}

/**
 * Puts the end `handle` into the operation's set, which is made for its first end. It is a function of its
 * own: a second copy of its body is larger in the file. `rill pack` puts it in line, because on a chip a
 * function costs RAM.
 *
 * The build defines RILL_CALLBACK for guests of strategy `callback`. What they need behind a wait is in
 * memory anyway, so the handle is stored here, once for all operations; elsewhere it is to become a local.
 */
function joinSet(operation: Operation, handle: u32): void {
  if (isDefined(RILL_CALLBACK)) operation.handle = handle;
  let waitables = operation.waitables;
  if (!waitables) operation.waitables = waitables = waitableSetNew();
  waitableJoin(handle, waitables);
}

/** Whether an end that its owner could drop early is still there to be dropped by the task's epilogue. */
@inline
export function holdsEnd(operation: Operation): bool {
  return !dropping || operation.handle != 0;
}

/**
 * Notes that the end of `operation` was dropped. Where only epilogues drop ends, nothing asks for it: the
 * next task opens the operation anew.
 */
@inline
export function noteDropped(operation: Operation): void {
  if (isDefined(RILL_CALLBACK)) if (!dropping) return;
  operation.handle = 0;
  operation.status = CopyResult.DROPPED;
}

/** Notes that this guest drops ends itself. */
@inline
export function noteDropping(): void {
  dropping = true;
}

/** Notes that this guest starts copies without waiting for them. */
@inline
export function noteOverlapping(): void {
  overlapping = true;
}

/** Notes that this guest starts copies of many items. */
@inline
export function noteCopyingMany(): void {
  copyingMany = true;
}

/** Notes that this guest waits for reads beside other things. */
@inline
export function noteAbreast(): void {
  abreast = true;
}

/**
 * Says whether the copy that is about to begin, and that nobody waits for, is of many items: then what
 * it brings lies in the caller's buffer.
 * Caller must: have an end whose word at 12 is not landing.ts's
 */
@unsafe
@inline
export function markMany(operation: Operation, isOfMany: bool): void {
  // SAFETY: the word is one of the operation's own five.
  if (copyingMany) store<u32>(changetype<usize>(operation), u32(isOfMany), 12);
}

/** Whether the last copy that was begun without waiting is of many items. Caller must: as for `markMany` */
@unsafe
@inline
export function isOfMany(operation: Operation): bool {
  // SAFETY: as in markMany.
  return copyingMany && load<u32>(changetype<usize>(operation), 12) != 0;
}

/** Items that the last copy of a stream's end has moved; 0 as long as one is in flight. */
@inline
export function progressOf(operation: Operation): i32 {
  return operation.status == BLOCKED ? 0 : <i32>(operation.status >> PROGRESS_SHIFT);
}

/** Takes in the packed result of a copy that settled outside `next` and `writeOne`. */
export function settle(operation: Operation, result: u32): void {
  operation.status = result | (u32(result > PROGRESS_MASK) * HELD);
}

/**
 * Waits for the event of the copy in flight. The set holds this one end, so the event can be of no other.
 * @param expected its code, STREAM_READ or STREAM_WRITE; 0 where that is not told
 * @returns the copy's packed result; the host has given the slot back. BLOCKED when the task was cancelled
 * instead: the copy goes on
 * Spec: CanonicalABI.md, canon waitable-set.wait
 */
@inline
export function awaitCopy(operation: Operation, expected: u32 = 0): u32 {
  const code = awaitExpected(operation.waitables, expected);
  if (isDefined(RILL_CANCEL)) if (code == EVENT_NONE) return BLOCKED;
  // SAFETY: EVENT is 8 static bytes that the host has just written; the payload is the second word.
  return load<u32>(EVENT, 4);
}

/** Like `awaitCopy`, even when the task was cancelled. */
@inline
export function awaitCopyToEnd(operation: Operation): u32 {
  awaitToEnd(operation.waitables);
  // SAFETY: as in awaitCopy.
  return load<u32>(EVENT, 4);
}

/** Waits until the copy that `start` began on `operation` has settled, or the task was cancelled. */
export function awaitFlight(operation: Operation): void {
  if (operation.status == BLOCKED) settleAwaited(operation, awaitCopy(operation));
}

/** Takes in what `awaitCopy` answered. */
@inline
function settleAwaited(operation: Operation, result: u32): void {
  if (isDefined(RILL_CANCEL)) if (result == BLOCKED) return;
  settle(operation, result);
}

/** The result of the copy in flight, without waiting; BLOCKED when it goes on. */
@inline
export function pollEvent(operation: Operation): u32 {
  if (waitableSetPoll(operation.waitables, EVENT) == EVENT_NONE) return BLOCKED;
  // SAFETY: as in awaitCopy.
  return load<u32>(EVENT, 4);
}

/** Takes in the event that is there, without waiting. @returns whether no copy of `operation` is in flight */
export function pollFlight(operation: Operation): bool {
  if (operation.status != BLOCKED) return true;
  const result = pollEvent(operation);
  if (result == BLOCKED) return false;
  settle(operation, result);
  return true;
}

/**
 * Takes the end out of the operation, to be handed on: the operation is done.
 * @returns the end's handle, in no set any more
 * Traps: a copy is in flight, an item is held, the other end is gone, or the end was dropped or handed on
 * Spec: CanonicalABI.md, lift_async_value: an end that is passed has to be idle
 */
export function takeEnd(operation: Operation): u32 {
  dropping = true;
  // Of a copy in flight every bit of the status is set.
  if (operation.status & (HELD | CopyResult.DROPPED)) unreachable();
  announceHandedOn(changetype<usize>(operation));
  const handle = operation.handle;
  waitableJoin(handle, 0);
  operation.handle = 0;
  operation.status = CopyResult.DROPPED;
  return handle;
}

/** Takes the end out of the waitable set: a synchronous cancel of a waitable that is in a set traps. */
@inline
export function prepareCancel(operation: Operation): void {
  waitableJoin(operation.handle, 0);
}

/**
 * What a cancel answered, of a copy that was waited for when the task was cancelled; the end goes back into
 * its set.
 * @returns the copy's packed result, as if it had settled so
 */
export function withdrawn(operation: Operation, result: u32): u32 {
  waitableJoin(operation.handle, operation.waitables);
  return result & ~CopyResult.CANCELLED;
}

/**
 * Takes in what a cancel answered: the copy is over, an item that moved with it
 * counts, DROPPED ends the operation.
 * Spec: CanonicalABI.md, canon stream.cancel-{read,write}
 */
export function finishCancel(operation: Operation, result: u32): void {
  settle(operation, result & ~CopyResult.CANCELLED);
  waitableJoin(operation.handle, operation.waitables);
}

/**
 * Cancellation of the task that runs, as its caller asks for it: event TASK_CANCELLED, which a guest of
 * strategy `callback` is called back with in place of what it waits for, at most once, and never after it
 * has answered.
 *
 * The build defines RILL_CANCEL for guests that can be told: those of strategy `callback` that wait before
 * they have answered. In every other guest each function here is a constant or nothing.
 *
 *     RUNNING ──event──▶ HEARD ──exit: task.cancel──▶ over
 *                         └──resolve, while it is held off: task.return──▶ RUNNING
 *
 * Once it is heard, and not held off, nothing that can give up waits any more: reads, writes, `waitAny`. What
 * cannot give up is waited for all the same: a future's write, without which dropping its end traps, and
 * calls whose result the guest goes on with.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { waitableSetWait, waitableSetWaitRead, waitableSetWaitWrite } from "./abi/waitable-set";
import { EVENT } from "./task/waiting";

/** The event that a cancellation is. Spec: CanonicalABI.md, EventCode */
const TASK_CANCELLED: u32 = 6;

/**
 * Lets the host and other tasks go on once.
 * @returns the event of a cancellation, or 0
 */
@external("$root", "[thread-yield]")
export declare function threadYield(): u32;

/** Ends a task without a result. Spec: CanonicalABI.md, canon task.cancel */
@external("[export]$root", "[task-cancel]")
declare function taskCancel(): void;

/** Whether the caller has asked this task to stop. */
@lazy
let heard: bool = false;
/** How often that is held off. */
@lazy
let holds: u32 = 0;

/**
 * Whether the task was cancelled: its caller has no use for the answer any more. Reads, writes and waits then
 * answer at once that nothing came, `resolve` answers nobody, and when the guest's function returns the task
 * is over. A guest need not ask; one that does can leave early.
 *
 * True after a wait alone, and under `--wait callback` alone: a guest that waits inside cannot be told.
 * Spec: CanonicalABI.md, canon task.cancel
 */
@inline
export function isCancelled(): bool {
  if (isDefined(RILL_CANCEL)) return heard && !holds;
  return false;
}

/**
 * Holds cancellation off: what is waited for until `heedCancellation` is waited for to its end, and an answer
 * given meanwhile counts. May be nested.
 */
@inline
export function holdCancellation(): void {
  if (isDefined(RILL_CANCEL)) holds++;
}

/**
 * Ends what `holdCancellation` began: a cancellation that came meanwhile is heard now.
 * Traps: it began nothing
 */
@inline
export function heedCancellation(): void {
  if (isDefined(RILL_CANCEL)) {
    if (!holds) unreachable();
    holds--;
  }
}

/**
 * Waits for an event of `waitables`; a cancellation ends the wait.
 * @returns the event's code, in EVENT what it is of; 0 when there is none, because the task was cancelled
 * Spec: CanonicalABI.md, canon waitable-set.wait
 */
@inline
export function awaitEvent(waitables: u32): u32 {
  if (isDefined(RILL_CANCEL)) return awaitOrHear(waitables);
  return waitableSetWait(waitables, EVENT);
}

function awaitOrHear(waitables: u32): u32 {
  while (!isCancelled()) {
    const code = waitableSetWait(waitables, EVENT);
    if (code != TASK_CANCELLED) return code;
    heard = true;
  }
  return 0;
}

/** The event of a stream's readable end. Spec: CanonicalABI.md, EventCode */
export const STREAM_READ: u32 = 2;
/** That of a writable one. */
export const STREAM_WRITE: u32 = 3;

/**
 * Like `awaitEvent`, where nothing else can come than the event `expected`, a constant: that of the one
 * stream's end in the set; or 0, of any other set.
 */
@inline
export function awaitExpected(waitables: u32, expected: u32): u32 {
  if (isDefined(RILL_CALLBACK)) {
    if (!isDefined(RILL_CANCEL)) {
      if (expected == STREAM_READ) return waitableSetWaitRead(waitables, EVENT);
      if (expected == STREAM_WRITE) return waitableSetWaitWrite(waitables, EVENT);
    }
  }
  return awaitEvent(waitables);
}

/** Like `awaitEvent`, of what cannot give up: a cancellation is noted, and the wait goes on. */
@inline
export function awaitToEnd(waitables: u32): u32 {
  if (isDefined(RILL_CANCEL)) return awaitNoting(waitables);
  return waitableSetWait(waitables, EVENT);
}

function awaitNoting(waitables: u32): u32 {
  let code: u32;
  while ((code = waitableSetWait(waitables, EVENT)) == TASK_CANCELLED) heard = true;
  return code;
}

/** Takes in what `thread.yield` answered. */
@inline
export function hearYield(code: u32): void {
  if (isDefined(RILL_CANCEL)) if (code == TASK_CANCELLED) heard = true;
}

/** The task has answered: nobody can cancel it any more. */
@inline
export function noteAnswered(): void {
  if (isDefined(RILL_CANCEL)) heard = false;
}

/** Whether the task that ends was told to, and has not answered. */
@inline
export function endsCancelled(): bool {
  if (isDefined(RILL_CANCEL)) return heard;
  return false;
}

/**
 * The task ends: without an answer, when it was told to and has given none. Nothing is held off any more.
 * Traps: it has handles left that it borrowed
 */
@inline
export function endCancelled(): void {
  if (isDefined(RILL_CANCEL)) {
    holds = 0;
    if (heard) {
      heard = false;
      taskCancel();
    }
  }
}

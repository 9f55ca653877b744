/**
 * Calls of imported async functions: one that is waited for at once, and one that goes
 * on while the guest does something else.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { EVENT, EVENT_NONE, waitableSet } from "./waiting";
import { awaitEvent, awaitToEnd } from "../cancellation";
import { waitableJoin, waitableSetNew, waitableSetPoll } from "../abi/waitable-set";
import {
  announceCallBegun,
  announceCallForgotten,
  announceCallTaken,
  announcedCallCancelled,
  announcedCallPolled,
  announcedCallStarted,
} from "../check";

/**
 * State of a subtask in the low four bits of what an async call answers.
 * Spec: CanonicalABI.md, Subtask.State.
 */
const RETURNED: u32 = 2;
const CANCELLED_BEFORE_STARTED: u32 = 3;
const STATE_MASK: u32 = 15;
/** Statuses of a call, see `statusOf`. */
const STARTING_STATUS: u32 = ~0;
const RETURNED_STATUS: u32 = ~RETURNED;
const NEVER_STARTED_STATUS: u32 = ~CANCELLED_BEFORE_STARTED;
const HANDLE_SHIFT: u32 = 4;

/** Drops a subtask whose outcome was taken in. Spec: CanonicalABI.md, canon subtask.drop */
@external("$root", "[subtask-drop]")
declare function subtaskDrop(handle: u32): void;

/**
 * Asks the callee to stop, and waits until it has.
 * @returns the state.
 * Spec: CanonicalABI.md, canon subtask.cancel
 */
@external("$root", "[subtask-cancel]")
declare function subtaskCancel(handle: u32): u32;

/**
 * Whether a call may go on while the guest does something else. Only `Subtask.begin`
 * sets it, as `overlapping` in operation.ts.
 */
let beginning: bool = false;

/**
 * Whether such a call is waited for, or asked about, by itself anywhere: then it needs a set of its own,
 * which `waitAny` does not. Of a guest in which nobody sets it, as `poll`, `wait` and `take` do, the build
 * takes it for `false` (passes/own-sets.ts).
 */
let apart: bool = true;

/**
 * Waits until the call whose start answered `packed` has returned, and drops its subtask.
 * @param packed state | handle << 4, as an async-lowered import answers
 * Lends: what the call's parameters and result point to, until this returns
 */
export function awaitSubtask(packed: u32): void {
  if ((packed & STATE_MASK) == RETURNED) return;
  const subtask = packed >> HANDLE_SHIFT;
  const waitables = waitableSet();
  waitableJoin(subtask, waitables);
  do {
    awaitToEnd(waitables);
  } while (!eventSaysReturned(subtask));
  subtaskDrop(subtask);
}

/** Like `awaitSubtask`, of a call that gives nothing back: cancelled when this task is. */
@inline
export function awaitSubtaskOrCancel(packed: u32): void {
  if (isDefined(RILL_CANCEL)) awaitUnlessCancelled(packed);
  else awaitSubtask(packed);
}

function awaitUnlessCancelled(packed: u32): void {
  if ((packed & STATE_MASK) == RETURNED) return;
  const subtask = packed >> HANDLE_SHIFT;
  const waitables = waitableSet();
  waitableJoin(subtask, waitables);
  do {
    if (awaitEvent(waitables) == EVENT_NONE) {
      waitableJoin(subtask, 0);
      subtaskCancel(subtask);
      break;
    }
  } while (!eventSaysReturned(subtask));
  subtaskDrop(subtask);
}

/** Whether the event that was taken last is the return of `subtask`. */
@inline
function eventSaysReturned(subtask: u32): bool {
  // SAFETY: EVENT is 8 static bytes that the host has just written: the waitable, then its state.
  return load<u32>(EVENT) == subtask && load<u32>(EVENT, 4) >= RETURNED;
}

/**
 * A call's state in the words of an operation's status: of one that goes on one of the two greatest numbers,
 * as of a copy in flight; of one that is over less than these, with the bit HELD, until its outcome was
 * taken. Never 0, which is the status of no call.
 */
@inline
function statusOf(state: u32): u32 {
  return ~state;
}

/**
 * A call that goes on while the guest does something else: 12 static bytes, one call of a function at a time.
 *
 *     offset
 *      0      handle   index in the handle table; 0 when no call goes on
 *      4      status   how far it has come; 0 when there is no outcome to take
 *      8      ownSet   the waitable set, made for the first call that blocks and kept for ever
 *
 * They are the words of an operation, in its order: `waitAny` takes both.
 *
 *     IDLE ──begin──▶ STARTING, STARTED ──event──▶ RETURNED ──take──▶ IDLE
 *                        └──cancel──▶ RETURNED all the same, or CANCELLED
 */
@unmanaged
export class Subtask {
  private handle: u32;
  private status: u32;
  private ownSet: u32;

  /** Whether a result is there that nobody took. */
  @inline
  get hasResult(): bool {
    return beginning && this.status == RETURNED_STATUS;
  }

  /** Whether a call goes on, or a result is there that nobody took. */
  @inline
  get isOpen(): bool {
    return this.handle != 0 || this.status == RETURNED_STATUS;
  }

  /**
   * Whether the callee has started: from then on it owns what was passed. False
   * after a cancel that came before.
   */
  @inline
  get started(): bool {
    return announcedCallStarted(
      changetype<usize>(this),
      this.status != NEVER_STARTED_STATUS && this.status != STARTING_STATUS,
    );
  }

  /**
   * Before another call of the function.
   * Traps: one goes on, and the frame with its parameters and result is lent
   */
  @inline
  requireIdle(): void {
    if (beginning && this.handle) unreachable();
  }

  /**
   * Takes in what an async-lowered import answered. @returns whether the call has returned
   * Lends: what the parameters point to until the callee has started, the place
   * of the result until it has returned
   */
  begin(packed: u32): bool {
    beginning = true;
    announceCallBegun(changetype<usize>(this), packed);
    this.status = statusOf(packed & STATE_MASK);
    const handle = packed >> HANDLE_SHIFT;
    this.handle = handle;
    if (apart && handle) {
      if (!this.ownSet) this.ownSet = waitableSetNew();
      waitableJoin(handle, this.ownSet);
    }
    return !handle;
  }

  /**
   * Takes in an event that is there, without waiting. @returns whether no call goes on
   *
   * A poll lets nobody run: between polls `pause`, see `StreamReader.poll`.
   */
  poll(): bool {
    apart = true;
    if (this.handle && waitableSetPoll(this.ownSet, EVENT) != EVENT_NONE) this.advance();
    return announcedCallPolled(changetype<usize>(this), this.handle == 0);
  }

  /**
   * Waits until no call goes on, or the task was cancelled.
   * Spec: CanonicalABI.md, canon waitable-set.wait
   */
  wait(): void {
    apart = true;
    while (this.handle) {
      const code = awaitEvent(this.ownSet);
      if (isDefined(RILL_CANCEL)) if (code == EVENT_NONE) return;
      this.advance();
    }
  }

  /** Waits until no call goes on, even when the task was cancelled. */
  protected waitToEnd(): void {
    if (isDefined(RILL_CANCEL)) {
      apart = true;
      while (this.handle) {
        awaitToEnd(this.ownSet);
        this.advance();
      }
    } else this.wait();
  }

  /** Takes the event in. */
  private advance(): void {
    // SAFETY: EVENT is 8 static bytes that the host has just written; the set holds this one waitable.
    this.settle(load<u32>(EVENT, 4));
  }

  /** Takes in that the call has come to `state`: one that is over has its subtask dropped. */
  settle(state: u32): void {
    this.status = statusOf(state);
    if (state >= RETURNED) {
      subtaskDrop(this.handle);
      this.handle = 0;
    }
  }

  /**
   * Asks the callee to stop and waits until it has; nothing when no call goes on.
   * @returns whether there is a result all the same
   * Spec: CanonicalABI.md, canon subtask.cancel
   */
  cancel(): bool {
    if (this.handle) {
      if (apart) waitableJoin(this.handle, 0);
      this.settle(subtaskCancel(this.handle));
    }
    return announcedCallCancelled(changetype<usize>(this), this.status == RETURNED_STATUS);
  }

  /** Before the result is read: waits for it. Traps: there is none, or it was taken before */
  take(): void {
    this.waitToEnd();
    if (this.status != RETURNED_STATUS) unreachable();
    announceCallTaken(changetype<usize>(this));
    this.status = 0;
  }

  /** The result is dropped instead of read. */
  @inline
  forget(): void {
    announceCallForgotten(changetype<usize>(this));
    this.status = 0;
  }
}

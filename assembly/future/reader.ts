/** The readable end of a future: its one value, read through the operation's own slot. */
// @ts-nocheck: AssemblyScript; asc checks it
import { BLOCKED, CopyResult, PROGRESS_MASK } from "../abi/copy-result";
import {
  announceClose,
  announceOpen,
  announceTakeHeld,
  announceValue,
  announcedDone,
  announcedKept,
  announcedNext,
  announcedReady,
} from "../check";
import { ElementOperation } from "../element-operation";
import {
  HELD,
  Operation,
  awaitCopy,
  holdsEnd,
  noteDropped,
  noteDropping,
  noteOverlapping,
  openOperation,
  overlapping,
  settle,
  takeEnd,
} from "../operation";
import { isCancelled } from "../cancellation";
import { elemSize, loadElement, releaseItem, slotOf } from "../slot";
import { awaitValue, awaited, beginCancel, endCancel, pollValue, settleStart, statusOf } from "./outcome";

/** What is read in place of a value that nobody waits for any more: 0, or a view of no bytes. */
@inline
function nothing<T>(operation: Operation): T {
  if (isInteger<T>() || isFloat<T>()) return <T>0;
  // SAFETY: only a value without bytes has come here, and it has the operation's slot for its place.
  return changetype<T>(slotOf(operation));
}

/**
 * A future's readable end.
 *
 * `T` is the type of the value. `Ops` is a stateless class with the canonical built-ins of this future:
 * `read(handle, ptr): u32`, `cancelRead(handle): u32`, `dropReadable(handle): void`.
 *
 * ```ts
 * const limit = task.limit.read();
 * ```
 * Heap: none.
 */
@unmanaged
export class FutureReader<T, Ops> extends ElementOperation<T> {
  /** Takes over the readable end `handle`. Called by generated bindings. */
  @inline
  open(handle: u32): void {
    openOperation(this, handle);
    announceOpen(changetype<usize>(this), elemSize<T>(), handle);
  }

  /**
   * Waits for the value. A second call gives the same value again, without asking the host.
   * @returns the value; of a record a view of the slot. When the task was cancelled a number is 0 in its
   * place; records, strings and handles are waited for all the same
   * Lends: the slot, while it waits
   * Traps: the end was dropped
   * Spec: CanonicalABI.md, canon future.read
   */
  read(): T {
    if (isDefined(RILL_CANCEL)) if (!this.awaitUnlessCancelled()) return nothing<T>(this);
    if (overlapping) awaitValue(this);
    if (!(this.status & CopyResult.DROPPED)) {
      this.status = awaited(this, changetype<Ops>(0).read(this.handle, slotOf(this)));
      announcedNext(changetype<usize>(this), true);
    } else if (overlapping && this.status & HELD) {
      this.status &= ~HELD;
      announcedNext(changetype<usize>(this), true);
    }
    return this.value;
  }

  /**
   * Waits for a value that is a number or nothing, for which a cancelled task has another in its place.
   * @returns false when the task was cancelled: the copy goes on, until the end is closed
   */
  private awaitUnlessCancelled(): bool {
    if (!isInteger<T>() && !isFloat<T>() && elemSize<T>()) return true;
    if (this.status != BLOCKED && this.status & CopyResult.DROPPED) return true;
    if (isCancelled()) return false;
    if (this.status == BLOCKED || !this.start()) {
      const result = awaitCopy(this);
      if (result == BLOCKED) return false;
      settle(this, statusOf(result));
    }
    return true;
  }

  /** The value, once `read` has answered. Traps: it has not */
  @inline
  get value(): T {
    if (overlapping && this.status == BLOCKED) unreachable();
    if (this.status <= PROGRESS_MASK) unreachable();
    announceValue(changetype<usize>(this));
    return loadElement<T>(slotOf(this));
  }

  /** Whether the value has come, or this end was dropped: `read` does not ask the host again. */
  @inline
  get done(): bool {
    return announcedDone(
      changetype<usize>(this),
      this.status != BLOCKED && (this.status & CopyResult.DROPPED) != 0,
    );
  }

  /**
   * Begins to read without waiting. With the value there already, or this end
   * dropped, there is nothing to begin.
   * @returns whether `read` would answer without waiting
   * Lends: the slot, until `poll` or `read` answers or `cancel` returns
   * Traps: a copy is in flight already
   */
  start(): bool {
    noteOverlapping();
    if (this.status == BLOCKED) unreachable();
    if (this.status & CopyResult.DROPPED) return announcedReady(changetype<usize>(this), true);
    return announcedReady(
      changetype<usize>(this),
      settleStart(this, changetype<Ops>(0).read(this.handle, slotOf(this))),
    );
  }

  /**
   * Whether `read` would answer without waiting. Takes in an event that is
   * there; never waits, begins nothing.
   *
   * A poll lets nobody run: between polls `pause`, see `StreamReader.poll`.
   */
  @inline
  poll(): bool {
    return announcedReady(
      changetype<usize>(this),
      pollValue(this) && (this.status & CopyResult.DROPPED) != 0,
    );
  }

  /**
   * Ends the copy in flight, if there is one: afterwards the slot is the guest's. A value that arrived with
   * the cancel is kept for `read`; otherwise the end may be read again.
   * @returns whether a value is kept
   * Spec: CanonicalABI.md, canon future.cancel-read
   */
  cancel(): bool {
    if (this.status == BLOCKED) {
      beginCancel(this);
      endCancel(this, changetype<Ops>(0).cancelRead(this.handle));
    }
    return announcedKept(changetype<usize>(this), (this.status & HELD) != 0);
  }

  /** Cancels the copy in flight, then drops the end. A second drop does nothing. */
  drop(): void {
    noteDropping();
    this.close();
  }

  /**
   * Gives the end up for a call or an answer that takes it over: from now on this is done, and the task's
   * epilogue leaves it alone. Bindings call it for ends that they are given.
   * @returns the end's handle
   * Traps: a copy is in flight, the value has come, or the end was dropped or handed on before
   */
  @inline
  handOn(): u32 {
    return takeEnd(this);
  }

  /** The built-ins of this end: what bindings ask for its element type. */
  @inline
  get operations(): Ops {
    return changetype<Ops>(0);
  }

  /** The epilogue of a task: cancel, then drop, unless the guest dropped the end itself. */
  close(): void {
    if (holdsEnd(this)) {
      if (overlapping) {
        this.cancel();
        if (isDefined(changetype<Ops>(0).release) && this.status & HELD) {
          announceTakeHeld(changetype<usize>(this));
          releaseItem<Ops>(slotOf(this));
        }
      }
      changetype<Ops>(0).dropReadable(this.handle);
      noteDropped(this);
      announceClose(changetype<usize>(this));
    }
  }
}

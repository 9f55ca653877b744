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
import { HELD, holdsEnd, noteDropping, noteOverlapping, openOperation, overlapping } from "../operation";
import { elemSize, loadElement, releaseItem, slotOf } from "../slot";
import { awaitValue, awaited, beginCancel, endCancel, pollValue, settleStart } from "./outcome";

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
   * @returns the value; of a record a view of the slot
   * Lends: the slot, while it waits
   * Traps: the end was dropped
   * Spec: CanonicalABI.md, canon future.read
   */
  read(): T {
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
      this.handle = 0;
      this.status = CopyResult.DROPPED;
      announceClose(changetype<usize>(this));
    }
  }
}

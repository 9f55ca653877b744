/** The writable end of a future: its one value, written through the operation's own slot. */
// @ts-nocheck: AssemblyScript; asc checks it
import { BLOCKED, CopyResult, PROGRESS_MASK } from "../abi/copy-result";
import {
  announceClose,
  announceOpen,
  announceValue,
  announcedDone,
  announcedSettled,
  announcedStarted,
  announcedTaken,
  announcedWriteOne,
} from "../check";
import { ElementOperation } from "../element-operation";
import {
  HELD,
  Operation,
  holdsEnd,
  noteDropped,
  noteDropping,
  noteOverlapping,
  openOperation,
  overlapping,
} from "../operation";
import { elemSize, idleElement, loadElement, releaseItem, slotOf, storeElement } from "../slot";
import { awaitValue, awaited, beginCancel, endCancel, pollValue, settleStart } from "./outcome";

/**
 * Whether a future may have a value for the case that nothing is written. Only `preset`
 * sets it, as `overlapping` in operation.ts.
 */
let presetting: bool = false;

/**
 * Whether a `write` without a value has waited for one that `start` had begun, which was
 * taken: then there is nothing to write.
 */
let written: bool = false;

/** What the slot holds once no copy is in flight: waits for the one that is. */
@inline
function settledValue<T>(operation: Operation): T {
  if (overlapping && operation.status == BLOCKED) {
    awaitValue(operation);
    written = operation.status > PROGRESS_MASK;
  }
  return loadElement<T>(slotOf(operation));
}

/**
 * A future's writable end.
 *
 * `T` is the type of the value. `Ops` is a stateless class with the canonical built-ins of this future:
 * `write(handle, ptr): u32`, `cancelWrite(handle): u32`, `dropWritable(handle): void`.
 *
 * The Component Model wants each future written: an end that is dropped before a value was taken, or refused
 * because the reader is gone, is the host's trap, unless `preset` has said what to write then.
 *
 * ```ts
 * const answer = task.resolve();
 * answer.preset(0);      // in case that the guest leaves early
 * answer.write(42);
 * ```
 * Heap: none.
 */
@unmanaged
export class FutureWriter<T, Ops> extends ElementOperation<T> {
  /** Takes over the writable end `handle`. Called by generated bindings. */
  @inline
  open(handle: u32): void {
    openOperation(this, handle);
    announceOpen(changetype<usize>(this), elemSize<T>(), handle);
  }

  /**
   * The slot, as a record to fill in before `write()`, which then copies nothing.
   * Traps: a copy is in flight
   */
  @inline
  get value(): T {
    if (overlapping && this.status == BLOCKED) unreachable();
    announceValue(changetype<usize>(this));
    return loadElement<T>(slotOf(this));
  }

  /**
   * Says what is written when this end is dropped before anything else was: then the drop waits until the
   * reader has taken it. It lies in the slot, so `value` and a write that was begun replace it.
   * Traps: a copy is in flight
   */
  preset(value: T): void {
    presetting = true;
    if (isDefined(changetype<Ops>(0).release))
      ERROR("as-rill: a preset value holds no handles: who would drop them when another is written?");
    if (overlapping && this.status == BLOCKED) unreachable();
    storeElement<T>(slotOf(this), value);
    this.status |= HELD;
  }

  /**
   * Writes the value and waits until the reader has taken it. A copy in flight is waited for first.
   * @param value the value; without it what the slot holds, which a copy in flight may have written already
   * @returns true when it was taken; false when the reader is gone, and it was not taken
   * Lends: the slot, while it waits
   * Traps: a value was taken already
   * Spec: CanonicalABI.md, canon future.write
   */
  write(value: T = settledValue<T>(this)): bool {
    if (written) {
      written = false;
      return announcedTaken(changetype<usize>(this), true);
    }
    if (overlapping) awaitValue(this);
    if (this.status != BLOCKED && this.status > PROGRESS_MASK) unreachable();
    storeElement<T>(slotOf(this), value);
    if (this.status & CopyResult.DROPPED) return announcedWriteOne(changetype<usize>(this), false);
    this.status = awaited(this, changetype<Ops>(0).write(this.handle, slotOf(this)));
    return announcedWriteOne(changetype<usize>(this), this.status > PROGRESS_MASK);
  }

  /** The end of an answer that nobody is given, because the task was cancelled: done from the start. */
  openDone(): FutureWriter<T, Ops> {
    noteDropping();
    this.handle = 0;
    this.status = CopyResult.DROPPED;
    return this;
  }

  /**
   * Whether a value was taken, the reader is gone, or this end was dropped: there is nothing left to write.
   */
  @inline
  get done(): bool {
    return announcedDone(
      changetype<usize>(this),
      this.status != BLOCKED && (this.status & CopyResult.DROPPED) != 0,
    );
  }

  /**
   * Begins to write without waiting. When the reader is gone there is nothing to begin: `taken` is false.
   * @returns whether the copy has settled already
   * Lends: the slot, until `poll` answers true or `cancel` returns
   * Traps: a copy is in flight already; a value was taken already
   */
  start(value: T = idleElement<T>(this)): bool {
    noteOverlapping();
    if (this.status > PROGRESS_MASK) unreachable();
    storeElement<T>(slotOf(this), value);
    if (this.status & CopyResult.DROPPED) return announcedStarted(changetype<usize>(this), true);
    const settled = settleStart(this, changetype<Ops>(0).write(this.handle, slotOf(this)));
    return announcedStarted(changetype<usize>(this), settled);
  }

  /**
   * Whether no copy is in flight. Takes in an event that is there; never waits, begins nothing.
   *
   * A poll lets nobody run: between polls `pause`, see `StreamReader.poll`.
   */
  @inline
  poll(): bool {
    return announcedSettled(changetype<usize>(this), pollValue(this));
  }

  /** Whether the value was taken by the reader. */
  @inline
  get taken(): bool {
    return announcedTaken(changetype<usize>(this), this.status != BLOCKED && this.status > PROGRESS_MASK);
  }

  /**
   * Ends the copy in flight, if there is one: afterwards the slot is the guest's. When the value was not
   * taken the future has to be written again.
   * @returns whether the value was taken all the same
   * Spec: CanonicalABI.md, canon future.cancel-write
   */
  cancel(): bool {
    if (this.status == BLOCKED) {
      beginCancel(this);
      endCancel(this, changetype<Ops>(0).cancelWrite(this.handle));
    }
    return announcedTaken(changetype<usize>(this), this.status > PROGRESS_MASK);
  }

  /**
   * Waits for a value that is on its way, or writes the preset one, then drops
   * the end. A second drop does nothing.
   * Traps: nothing was written, and there is no preset value
   */
  drop(): void {
    noteDropping();
    this.close();
  }

  /** The epilogue of a task: what `drop` does, unless the guest dropped the end itself. */
  close(): void {
    if (holdsEnd(this)) {
      if (overlapping && this.status == BLOCKED) {
        awaitValue(this);
        if (this.status <= PROGRESS_MASK) releaseItem<Ops>(slotOf(this));
      }
      if (presetting && (this.status & (HELD | CopyResult.DROPPED)) == HELD)
        this.write(loadElement<T>(slotOf(this)));
      changetype<Ops>(0).dropWritable(this.handle);
      noteDropped(this);
      announceClose(changetype<usize>(this));
    }
  }
}

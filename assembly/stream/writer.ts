/** The writable end of a stream, written one item at a time through the operation's own slot. */
// @ts-nocheck: AssemblyScript; asc checks it
import { BLOCKED, CopyResult, ONE_MOVED, PROGRESS_MASK, PROGRESS_SHIFT } from "../abi/copy-result";
import { ElementOperation } from "../element-operation";
import {
  awaitCopy,
  awaitFlight,
  finishCancel,
  holdsEnd,
  isOfMany,
  markMany,
  noteCopyingMany,
  noteDropped,
  noteDropping,
  noteOverlapping,
  openOperation,
  overlapping,
  pollFlight,
  prepareCancel,
  progressOf,
  settle,
  withdrawn,
} from "../operation";
import { STREAM_WRITE, isCancelled } from "../cancellation";
import {
  announceClose,
  announceMany,
  announceOpen,
  announceValue,
  announcedDone,
  announcedProgress,
  announcedSettled,
  announcedStarted,
  announcedTaken,
  announcedWrite,
  announcedWriteOne,
} from "../check";
import {
  elemSize,
  idleElement,
  isView,
  loadElement,
  releaseItem,
  settledElement,
  slotOf,
  storeElement,
} from "../slot";

/**
 * A stream's writable end.
 *
 * `T` is the element type; what it points to must stay as it is until the copy is over. `Ops` is a stateless
 * class with the canonical built-ins of this stream: `write(handle, ptr, length): u32`,
 * `cancelWrite(handle): u32`, `dropWritable(handle): void`.
 *
 * ```ts
 * if (!output.writeOne(42)) return; // the reader is gone
 * ```
 * Heap: none.
 */
@unmanaged
export class StreamWriter<T, Ops> extends ElementOperation<T> {
  /** Takes over the writable end `handle`. Called by generated bindings. */
  @inline
  open(handle: u32): void {
    openOperation(this, handle);
    announceOpen(changetype<usize>(this), elemSize<T>(), handle);
  }

  /**
   * The slot, as a record to fill in before `writeOne(writer.value)` or `start(writer.value)`, which then
   * copy nothing; of a number the item written last.
   * Traps: a copy is in flight
   */
  @inline
  get value(): T {
    if (overlapping && this.status == BLOCKED) unreachable();
    announceValue(changetype<usize>(this));
    return loadElement<T>(slotOf(this));
  }

  /**
   * Writes one item and waits until the reader has taken it. A copy in flight is waited for first.
   * @param item the item; without it what the slot holds, which of a stream
   * without element type is all there is
   * @returns true when the item was taken and the reader wants more; false when a further one is of no use:
   * the reader is gone or the task was cancelled. `taken` then says whether this item was taken before that
   * Lends: the slot, while it waits
   * Spec: CanonicalABI.md, canon stream.write
   */
  writeOne(item: T = settledElement<T>(this)): bool {
    if (overlapping) awaitFlight(this);
    if (isCancelled()) return false;
    storeElement<T>(slotOf(this), item);
    if (this.status & CopyResult.DROPPED) {
      this.status = CopyResult.DROPPED;
      return announcedWriteOne(changetype<usize>(this), false);
    }
    let result = changetype<Ops>(0).write(this.handle, slotOf(this), 1);
    if (result == ONE_MOVED) {
      this.status = result;
      return announcedWriteOne(changetype<usize>(this), true);
    }
    if (result != BLOCKED) {
      this.status = result;
      return announcedWriteOne(changetype<usize>(this), false);
    }
    result = this.awaitWrite();
    this.status = result;
    if (isCancelled() && result <= PROGRESS_MASK) return false;
    return announcedWriteOne(changetype<usize>(this), result == ONE_MOVED);
  }

  /**
   * Waits until the reader has taken items from the start of `buffer`; the host copies straight from there.
   * @param length items, 0..2^28-1 and not above `buffer.length`; 0 waits until
   * the reader is ready and copies nothing
   * @returns items taken, 1..length; 0 when the reader is gone or the task was cancelled (or `length` is 0)
   * Lends: `buffer`, while it waits
   * Traps: `length` is above `buffer.length`
   * Spec: CanonicalABI.md, canon stream.write
   */
  @inline
  write(buffer: StaticArray<T>, length: i32): i32 {
    if (isManaged<T>() || isView<T>())
      ERROR("as-rill: a StaticArray of records holds pointers; use writeFrom with static memory");
    if (<u32>length > <u32>buffer.length) unreachable();
    return this.writeFrom(changetype<usize>(buffer), length);
  }

  /**
   * Like `write`, from raw memory: the way to write many records.
   * @param ptr address of `length` elements, aligned to T
   * Caller must: leave them alone meanwhile
   */
  @unsafe
  writeFrom(ptr: usize, length: i32): i32 {
    if (overlapping) awaitFlight(this);
    if (isCancelled()) return 0;
    if (this.status & CopyResult.DROPPED) {
      this.status = CopyResult.DROPPED;
      return announcedWrite(changetype<usize>(this), 0);
    }
    let result = changetype<Ops>(0).write(this.handle, ptr, length);
    if (result == BLOCKED) result = this.awaitWrite();
    this.status = result;
    if (isCancelled() && result <= PROGRESS_MASK) return 0;
    return announcedWrite(changetype<usize>(this), result >> PROGRESS_SHIFT);
  }

  /**
   * Writes the first `length` items of `buffer`, in as many copies as the reader needs.
   * @returns items taken: `length`, or less when the reader went away
   */
  writeAll(buffer: StaticArray<T>, length: i32): i32 {
    if (isManaged<T>() || isView<T>())
      ERROR("as-rill: a StaticArray of records holds pointers; use writeFrom with static memory");
    if (<u32>length > <u32>buffer.length) unreachable();
    let progress = 0;
    while (progress < length) {
      // SAFETY: `progress` items are in front of it, and `length - progress` are
      // left: `length` is within the buffer.
      const taken = this.writeFrom(
        changetype<usize>(buffer) + <usize>progress * elemSize<T>(),
        length - progress,
      );
      if (!taken) break;
      progress += taken;
    }
    return progress;
  }

  /** Whether the reader is gone, or this end was dropped: nothing more will be taken. */
  @inline
  get done(): bool {
    return announcedDone(
      changetype<usize>(this),
      this.status != BLOCKED && (this.status & CopyResult.DROPPED) != 0,
    );
  }

  /**
   * Begins to write one item without waiting. When the reader is gone there is
   * nothing to begin: `taken` is false.
   * @returns whether the copy has settled already
   * Lends: the slot, until `poll` answers true or `cancel` returns
   * Traps: a copy is in flight already
   */
  start(item: T = idleElement<T>(this)): bool {
    noteOverlapping();
    if (this.status == BLOCKED) unreachable();
    storeElement<T>(slotOf(this), item);
    if (this.status & CopyResult.DROPPED) {
      this.status = CopyResult.DROPPED;
      return announcedStarted(changetype<usize>(this), true);
    }
    markMany(this, false);
    const result = changetype<Ops>(0).write(this.handle, slotOf(this), 1);
    if (result == BLOCKED) {
      this.status = BLOCKED;
      return announcedStarted(changetype<usize>(this), false);
    }
    settle(this, result);
    return announcedStarted(changetype<usize>(this), true);
  }

  /**
   * Begins to write the first `length` items of `buffer` without waiting. Once that has
   * settled, `progress` says how many were taken.
   * @param length items, 1..2^28-1 and not above `buffer.length`
   * @returns whether it has settled already; when the reader is gone there is
   * nothing to begin, and `progress` is 0
   * Lends: `buffer`, until `poll` or `waitAny` answers for it or `cancel` returns
   * Traps: a copy is in flight already; `length` is 0 or above `buffer.length`
   * Spec: CanonicalABI.md, canon stream.write
   */
  @inline
  startWrite(buffer: StaticArray<T>, length: i32): bool {
    if (isManaged<T>() || isView<T>())
      ERROR("as-rill: a StaticArray of records holds pointers; use startWriteFrom with static memory");
    if (<u32>length > <u32>buffer.length) unreachable();
    return this.startWriteFrom(changetype<usize>(buffer), length);
  }

  /**
   * Like `startWrite`, from raw memory: the way to write many records.
   * @param ptr address of `length` elements, aligned to T
   * Caller must: leave them alone and in place meanwhile
   */
  @unsafe
  startWriteFrom(ptr: usize, length: i32): bool {
    noteOverlapping();
    noteCopyingMany();
    if (this.status == BLOCKED || !length) unreachable();
    announceMany(changetype<usize>(this), ptr, false);
    markMany(this, true);
    if (this.status & CopyResult.DROPPED) {
      this.status = CopyResult.DROPPED;
      return announcedStarted(changetype<usize>(this), true);
    }
    const result = changetype<Ops>(0).write(this.handle, ptr, length);
    if (result == BLOCKED) this.status = BLOCKED;
    else settle(this, result);
    return announcedStarted(changetype<usize>(this), result != BLOCKED);
  }

  /**
   * Waits for the copy that was just begun; a cancellation of the task ends it.
   * @returns its packed result
   */
  @inline
  private awaitWrite(): u32 {
    const result = awaitCopy(this, STREAM_WRITE);
    if (isDefined(RILL_CANCEL)) if (result == BLOCKED) return this.withdraw();
    return result;
  }

  private withdraw(): u32 {
    prepareCancel(this);
    return withdrawn(this, changetype<Ops>(0).cancelWrite(this.handle));
  }

  /** The end of an answer that nobody is given, because the task was cancelled: done from the start. */
  openDone(): StreamWriter<T, Ops> {
    noteDropping();
    this.handle = 0;
    this.status = CopyResult.DROPPED;
    return this;
  }

  /**
   * Items of the last copy that the reader has taken, those before a cancel too;
   * 0 as long as one is in flight.
   */
  @inline
  get progress(): i32 {
    return announcedProgress(changetype<usize>(this), progressOf(this));
  }

  /**
   * Whether no copy is in flight. Takes in events that are there; never waits, begins nothing.
   *
   * A poll lets nobody run: between polls `pause`, see `StreamReader.poll`.
   */
  @inline
  poll(): bool {
    return announcedSettled(changetype<usize>(this), pollFlight(this));
  }

  /**
   * Whether the last item, or any of `startWrite`'s, of a copy that has settled, was taken by the
   * reader: then it must not be written again. After `writeOne` has answered false it is true of the item
   * that the reader left with.
   */
  @inline
  get taken(): bool {
    return announcedTaken(changetype<usize>(this), this.status != BLOCKED && this.status > PROGRESS_MASK);
  }

  /**
   * Ends the copy in flight, if there is one: afterwards the slot, or the buffer, is the
   * guest's; `progress` counts what was taken.
   * @returns whether the last item, or any of `startWrite`'s, was taken all the same
   * Spec: CanonicalABI.md, canon stream.cancel-write
   */
  cancel(): bool {
    if (this.status == BLOCKED) {
      prepareCancel(this);
      finishCancel(this, changetype<Ops>(0).cancelWrite(this.handle));
    }
    return announcedTaken(changetype<usize>(this), this.status > PROGRESS_MASK);
  }

  /**
   * Cancels the copy in flight, then drops the end; `writeOne` answers false
   * from now on. A second drop does nothing.
   */
  drop(): void {
    noteDropping();
    this.close();
  }

  /** The epilogue of a task: cancel, then drop, unless the guest dropped the end itself. */
  close(): void {
    if (holdsEnd(this)) {
      if (isDefined(changetype<Ops>(0).release) && overlapping && this.status == BLOCKED) {
        if (!this.cancel() && !isOfMany(this)) releaseItem<Ops>(slotOf(this));
      } else if (overlapping) this.cancel();
      changetype<Ops>(0).dropWritable(this.handle);
      noteDropped(this);
      announceClose(changetype<usize>(this));
    }
  }
}

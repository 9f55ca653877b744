/** The readable end of a stream, read one item at a time through the operation's own slot. */
// @ts-nocheck: AssemblyScript; asc checks it
import { BLOCKED, CopyResult, ONE_MOVED, PROGRESS_MASK, PROGRESS_SHIFT } from "../abi/copy-result";
import { ElementOperation } from "../element-operation";
import {
  HELD,
  abreast,
  awaitCopy,
  awaitFlight,
  copyingMany,
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
  takeEnd,
  withdrawn,
} from "../operation";
import {
  announceClose,
  announceMany,
  announceOpen,
  announceTakeHeld,
  announceValue,
  announcedDone,
  announcedKept,
  announcedNext,
  announcedProgress,
  announcedRead,
  announcedReady,
} from "../check";
import { STREAM_READ, isCancelled } from "../cancellation";
import { copyElement, elemSize, isView, loadElement, releaseItem, slotOf } from "../slot";

/**
 * A stream's readable end.
 *
 * `T` is the element type (`ArenaReader` is for those that hold pointers). `Ops` is a stateless class
 * with the canonical built-ins of this stream: `read(handle, ptr, length): u32`,
 * `cancelRead(handle): u32`, `dropReadable(handle): void`.
 *
 * ```ts
 * while (input.next()) use(input.value);
 * ```
 * Heap: none.
 */
@unmanaged
export class StreamReader<T, Ops> extends ElementOperation<T> {
  /** Takes over the readable end `handle`. Called by generated bindings. */
  @inline
  open(handle: u32): void {
    openOperation(this, handle);
    announceOpen(changetype<usize>(this), elemSize<T>(), handle);
  }

  /**
   * Waits for the next item.
   * @returns true when `value` is that item; false when the writer is gone and every item was taken,
   * or the task was cancelled
   * Lends: the slot, while it waits
   * Spec: CanonicalABI.md, canon stream.read
   */
  next(): bool {
    if (overlapping && !this.alwaysStarts) {
      awaitFlight(this);
      if (isCancelled() && this.status == BLOCKED) return false;
      if (this.status & HELD) {
        this.status &= ~HELD;
        if (!this.lastOfMany) return announcedNext(changetype<usize>(this), true);
      }
    }
    if (this.alwaysStarts) return this.nextStarted();
    if (this.status & CopyResult.DROPPED) return announcedNext(changetype<usize>(this), false);
    if (isCancelled()) return false;
    let result = changetype<Ops>(0).read(this.handle, slotOf(this), 1);
    if (<i32>result >= <i32>ONE_MOVED) {
      this.status = result;
      return announcedNext(changetype<usize>(this), true);
    }
    if (result != BLOCKED) {
      this.status = result;
      return announcedNext(changetype<usize>(this), false);
    }
    result = this.awaitRead();
    this.status = result;
    if (isCancelled() && result <= PROGRESS_MASK) return false;
    return announcedNext(changetype<usize>(this), result > PROGRESS_MASK);
  }

  /**
   * The item that `next` answered true for; of a record a view of the slot, valid until the next call.
   * Traps: a copy is in flight
   */
  @inline
  get value(): T {
    if (overlapping && this.status == BLOCKED) unreachable();
    announceValue(changetype<usize>(this));
    return loadElement<T>(slotOf(this));
  }

  /**
   * Waits for items and copies those that are there straight into `buffer`, from its start.
   * @param max items, 0..2^28-1 and not above `buffer.length`; 0 waits until the
   * writer is ready and copies nothing
   * @returns items copied, 1..max; 0 when the writer is gone or the task was cancelled (or `max` is 0)
   * Lends: `buffer`, while it waits
   * Traps: `max` is above `buffer.length`
   * Spec: CanonicalABI.md, canon stream.read
   */
  @inline
  read(buffer: StaticArray<T>, max: i32): i32 {
    if (isManaged<T>() || isView<T>())
      ERROR("as-rill: a StaticArray of records holds pointers; use readInto with static memory");
    if (<u32>max > <u32>buffer.length) unreachable();
    return this.readInto(changetype<usize>(buffer), max);
  }

  /**
   * Like `read`, into raw memory: the way to read many records.
   * @param ptr address aligned to T, with room for `max` elements of `elemSize<T>()` bytes
   * Caller must: keep that memory unused meanwhile
   */
  @unsafe
  readInto(ptr: usize, max: i32): i32 {
    if (overlapping) {
      awaitFlight(this);
      if (isCancelled() && this.status == BLOCKED) return 0;
      if (this.lastOfMany) this.status &= ~HELD;
      if (this.status & HELD) {
        if (!max) return announcedRead(changetype<usize>(this), 0, max);
        this.status &= ~HELD;
        announceTakeHeld(changetype<usize>(this));
        // SAFETY: the caller gives room for at least one element; the slot holds one and is not lent.
        copyElement<T>(ptr, slotOf(this));
        return announcedRead(changetype<usize>(this), 1, max);
      }
    }
    if (this.status & CopyResult.DROPPED) return announcedRead(changetype<usize>(this), 0, max);
    if (isCancelled()) return 0;
    let result = changetype<Ops>(0).read(this.handle, ptr, max);
    if (result == BLOCKED) result = this.awaitRead();
    this.status = result;
    if (isCancelled() && result <= PROGRESS_MASK) return 0;
    return announcedRead(changetype<usize>(this), result >> PROGRESS_SHIFT, max);
  }

  /**
   * Reads until `buffer` holds `max` items or the writer is gone.
   * @returns items copied, 0..max
   */
  collect(buffer: StaticArray<T>, max: i32): i32 {
    if (isManaged<T>() || isView<T>())
      ERROR("as-rill: a StaticArray of records holds pointers; use readInto with static memory");
    if (<u32>max > <u32>buffer.length) unreachable();
    let progress = 0;
    while (progress < max) {
      // SAFETY: `progress` items are in front of it, and room for
      // `max - progress` is left: `max` is within the buffer.
      const copied = this.readInto(
        changetype<usize>(buffer) + <usize>progress * elemSize<T>(),
        max - progress,
      );
      if (!copied) break;
      progress += copied;
    }
    return progress;
  }

  /** Whether the writer is gone, or this end was dropped: nothing more will come but an item that is held. */
  @inline
  get done(): bool {
    return announcedDone(
      changetype<usize>(this),
      this.status != BLOCKED && (this.status & CopyResult.DROPPED) != 0,
    );
  }

  /**
   * Begins to read one item without waiting for it. With an item not yet taken by `next`, or with the writer
   * gone, there is nothing to begin.
   * @returns whether `next` would answer without waiting
   * Lends: the slot, until `poll` or `next` answers true or `cancel` returns
   * Traps: a copy is in flight already
   */
  start(): bool {
    noteOverlapping();
    if (this.status == BLOCKED) unreachable();
    return announcedReady(changetype<usize>(this), this.begin());
  }

  /**
   * Whether `next` begins a read as `start` does, and waits for it: in a guest that waits for reads beside
   * other things nearly every one was begun before, and a second way to read is code for the few that were
   * not.
   */
  @inline
  private get alwaysStarts(): bool {
    return abreast && !copyingMany && !isDefined(RILL_CANCEL);
  }

  /** `next`, that way. */
  @inline
  private nextStarted(): bool {
    this.begin();
    awaitFlight(this);
    if (!(this.status & HELD)) return announcedNext(changetype<usize>(this), false);
    this.status &= ~HELD;
    return announcedNext(changetype<usize>(this), true);
  }

  /**
   * Begins a read; of a copy in flight every bit of the status is set, and nothing is begun.
   * @returns whether `next` would answer without waiting
   */
  private begin(): bool {
    if (this.lastOfMany) this.status &= ~HELD;
    if (this.status & (HELD | CopyResult.DROPPED)) return true;
    if (!isDefined(changetype<Ops>(0).region)) markMany(this, false);
    const result = changetype<Ops>(0).read(this.handle, slotOf(this), 1);
    if (result == BLOCKED) {
      this.status = BLOCKED;
      return false;
    }
    settle(this, result);
    return true;
  }

  /**
   * Begins to read up to `max` items into `buffer`, from its start, without waiting. Once that has settled,
   * `progress` says how many it holds. An item that is held already is the one that it holds then.
   * @param max items, 1..2^28-1 and not above `buffer.length`
   * @returns whether it has settled: there are items, or the writer is gone and `progress` is 0
   * Lends: `buffer`, until `poll` or `waitAny` answers for it or `cancel` returns
   * Traps: a copy is in flight already; `max` is 0 or above `buffer.length`
   * Spec: CanonicalABI.md, canon stream.read
   */
  @inline
  startRead(buffer: StaticArray<T>, max: i32): bool {
    if (isManaged<T>() || isView<T>())
      ERROR("as-rill: a StaticArray of records holds pointers; use startReadInto with static memory");
    if (<u32>max > <u32>buffer.length) unreachable();
    return this.startReadInto(changetype<usize>(buffer), max);
  }

  /**
   * Like `startRead`, into raw memory: the way to read many records.
   * @param ptr address aligned to T, with room for `max` elements of `elemSize<T>()` bytes
   * Caller must: keep that memory unused and in place meanwhile
   */
  @unsafe
  startReadInto(ptr: usize, max: i32): bool {
    if (isDefined(changetype<Ops>(0).region))
      ERROR("as-rill: items that hold strings or lists are read one by one: use start");
    noteOverlapping();
    noteCopyingMany();
    if (this.status == BLOCKED || !max) unreachable();
    const isHeld = (this.status & HELD) != 0 && !this.lastOfMany;
    announceMany(changetype<usize>(this), ptr, isHeld);
    markMany(this, true);
    if (isHeld) {
      announceTakeHeld(changetype<usize>(this));
      // SAFETY: the caller gives room for at least one element; the slot holds one and is not lent.
      copyElement<T>(ptr, slotOf(this));
      return announcedReady(changetype<usize>(this), true);
    }
    if (this.status & CopyResult.DROPPED) {
      this.status = CopyResult.DROPPED;
      return announcedReady(changetype<usize>(this), true);
    }
    const result = changetype<Ops>(0).read(this.handle, ptr, max);
    if (result == BLOCKED) this.status = BLOCKED;
    else settle(this, result);
    return announcedReady(changetype<usize>(this), result != BLOCKED);
  }

  /**
   * Waits for the copy that was just begun; a cancellation of the task ends it.
   * @returns its packed result
   */
  @inline
  private awaitRead(): u32 {
    const result = awaitCopy(this, STREAM_READ);
    if (isDefined(RILL_CANCEL)) if (result == BLOCKED) return this.withdraw();
    return result;
  }

  private withdraw(): u32 {
    prepareCancel(this);
    return withdrawn(this, changetype<Ops>(0).cancelRead(this.handle));
  }

  /** Items that the last copy has brought, those before a cancel too; 0 as long as one is in flight. */
  @inline
  get progress(): i32 {
    return announcedProgress(changetype<usize>(this), progressOf(this));
  }

  /**
   * Whether the last copy that was begun without waiting is of many items: what it brought lies
   * in the guest's buffer, not in the slot.
   */
  @inline
  private get lastOfMany(): bool {
    if (isDefined(changetype<Ops>(0).region)) return false;
    return isOfMany(this);
  }

  /**
   * Whether `next` would answer without waiting, or what `startRead` began has settled. Takes in events that
   * are there; never waits, begins nothing.
   *
   * `waitable-set.poll` looks at the events that are there and lets nobody run: on Wasmtime nothing comes
   * while a loop looks again and again. Between polls `pause`, or wait: `waitAny`. A loop of the guest's own
   * that does nothing but poll is built to wait so; the build says where.
   * Spec: CanonicalABI.md, canon waitable-set.poll
   */
  @inline
  poll(): bool {
    return announcedReady(
      changetype<usize>(this),
      pollFlight(this) && (this.status & (HELD | CopyResult.DROPPED)) != 0,
    );
  }

  /**
   * Ends the copy in flight, if there is one: afterwards the slot, or the buffer, is the
   * guest's. An item that arrived with the cancel is kept for `next`; of `startRead` what
   * arrived is in the buffer, and `progress` counts it.
   * @returns whether an item is kept, or items are in the buffer
   * Spec: CanonicalABI.md, canon stream.cancel-read
   */
  cancel(): bool {
    if (this.status == BLOCKED) {
      prepareCancel(this);
      finishCancel(this, changetype<Ops>(0).cancelRead(this.handle));
    }
    return announcedKept(changetype<usize>(this), (this.status & HELD) != 0);
  }

  /**
   * Cancels the copy in flight, then drops the end; `next` answers false from
   * now on. A second drop does nothing.
   */
  drop(): void {
    noteDropping();
    this.close();
  }

  /**
   * Gives the end up for a call or an answer that takes it over: from now on this is done, and the task's
   * epilogue leaves it alone. Bindings call it for ends that they are given.
   * @returns the end's handle
   * Traps: a copy is in flight, an item that `next` has not taken is held, the writer is gone, or the end was
   * dropped or handed on before
   */
  @inline
  handOn(): u32 {
    if (overlapping && this.lastOfMany) this.status &= ~HELD;
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
        if (isDefined(changetype<Ops>(0).release) && this.status & HELD && !this.lastOfMany) {
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

/**
 * Bindings of `test:library/given`: What the guest calls.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  ARENA_BYTES,
  ArenaSubtask,
  FutureReader,
  Handle,
  StreamWriter,
  Subtask,
  awaitSubtask,
  loadElement,
  CALL_PLACES as call_places,
  takeCall as take_call,
  leaveCall as leave_call,
  enterRegion as enter_region,
  leaveRegion as leave_region,
  keepArray as keep_array,
  keepBlock as keep_block,
  keepItems as keep_items,
  Made as Made_End,
  made as made_end,
} from "as-rill/assembly/bindings";
import { ListString } from "./shared-types";
export { ListString } from "./shared-types";

@external("test:library/given", "[constructor]token")
declare function lowered_Token(name_0: i32, name_1: i32): i32;

@external("test:library/given", "[method]token.name")
declare function lowered_Token_Name(self: i32, resultPtr: usize): void;

/**
 * The static frame of a call of `token-name`, 8 bytes:
 *
 *       0  the result: 8
 */
const TOKEN__NAME_CALL: usize = memory.data(8, 4);

@external("test:library/given", "[resource-drop]token")
declare function resource_drop_Token(handle: u32): void;

/** WIT: `resource token`: a handle of one. Traps: any use after `drop`, or after it was passed on as `own`. */
@unmanaged
export class Token extends Handle {
  /** `token: func(name: string) -> own<token>`. */
  @inline
  static create(name: string): Token {
    return changetype<Token>(<usize>lowered_Token(i32(changetype<usize>(name)), name.length));
  }
  /** `name: func(self: borrow<token>) -> string`. */
  name(): string {
    // SAFETY: a view is the address of a value in canonical layout; the frame is static, laid out as drawn above.
    lowered_Token_Name(<i32>changetype<usize>(this), TOKEN__NAME_CALL);
    return loadElement<string>(TOKEN__NAME_CALL);
  }
  /** Gives the handle up; an own one ends the resource. Spec: canon resource.drop */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    resource_drop_Token(changetype<u32>(this));
  }
}

/** Parameter `notes` of `echo`: 8 bytes. */
@lazy
const ECHO_PARAM_1: usize = memory.data(8, 4);

/** The part of the arena that holds what a call of `echo` was passed that goes on by itself. */
@lazy
const ECHO_KEPT: usize = memory.data(<i32>ARENA_BYTES, 8);

@external("test:library/given", "[async-lower]echo")
declare function lowered_Echo(text_0: i32, text_1: i32, notes_0: i32, notes_1: i32, result_ptr: usize): u32;

/** How far a call of `echo` has come that goes on by itself: 20 bytes. */
@lazy
const ECHO_SUBTASK: usize = memory.data(20, 4);

/** The part of the arena that such calls of `echo` bring. */
@lazy
const ECHO_REGION: usize = memory.data(<i32>ARENA_BYTES, 8);

/** Places of calls of `echo` that go on side by side. */
@lazy
const ECHO_CALLS: usize = memory.data(
  call_places * (32 + ((<i32>ARENA_BYTES + 7) & ~7) + ((<i32>ARENA_BYTES + 7) & ~7)),
  8,
);

/**
 * The static frame of a call of `echo`, 8 bytes:
 *
 *       0  where the host writes the result: 8
 */
const ECHO_CALL: usize = memory.data(8, 4);

/** Calls of `echo`, one at a time; each waits until the callee has returned. */
export namespace echo {
  /** A place to build parameter `notes`: fill it, pass it. */
  @inline
  export function notes(): ListString {
    // SAFETY: the constant names static memory of this type's size and alignment.
    return changetype<ListString>(ECHO_PARAM_1);
  }
  /**
   * A call whose parameters and result hold pointers.
   *
   * `echo: async func(text: string, notes: list<string>) -> string`.
   */
  export function call(text: string, notes: ListString): string {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<Subtask>(ECHO_SUBTASK).requireIdle();
    awaitSubtask(
      lowered_Echo(
        i32(changetype<usize>(text)),
        text.length,
        load<i32>(changetype<usize>(notes)),
        load<i32>(changetype<usize>(notes), 4),
        ECHO_CALL,
      ),
    );
    return loadElement<string>(ECHO_CALL);
  }
  /**
   * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.
   * @returns whether it has returned already
   * Traps: a call goes on; a region of the arena has no room for what is passed
   */
  export function start(text: string, notes: ListString): bool {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<ArenaSubtask>(ECHO_SUBTASK);
    sub_task.requireIdle();
    enter_region(ECHO_KEPT);
    text = keep_array<string>(text);
    const kept_notes = keep_block(changetype<usize>(notes), 8);
    {
      const items_2: usize = keep_items(kept_notes, 8);
      const end_2: usize = items_2 + <usize>load<u32>(kept_notes, 4) * 8;
      for (let item_2 = items_2; item_2 < end_2; item_2 += 8) {
        keep_items(item_2, 2);
      }
    }
    notes = changetype<ListString>(kept_notes);
    leave_region();
    sub_task.land(ECHO_REGION);
    return sub_task.begin(
      lowered_Echo(
        i32(changetype<usize>(text)),
        text.length,
        load<i32>(changetype<usize>(notes)),
        load<i32>(changetype<usize>(notes), 4),
        ECHO_CALL,
      ),
    );
  }
  /** Whether no call goes on. Takes in progress that is there; never waits. */
  @inline
  export function poll(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(ECHO_SUBTASK).poll();
  }
  /** Waits until no call goes on. */
  @inline
  export function wait(): void {
    // SAFETY: the constant names static memory of a subtask.
    changetype<Subtask>(ECHO_SUBTASK).wait();
  }
  /** The call that `start` began, for `waitAny`. */
  @inline
  export function pending(): Subtask {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(ECHO_SUBTASK);
  }
  /** Whether the callee has started. After a cancel that came before, what was passed is the guest's again. */
  @inline
  export function started(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(ECHO_SUBTASK).started;
  }
  /** Asks the callee to stop, and waits until it has. @returns whether it has returned a result all the same. Spec: canon subtask.cancel */
  export function cancel(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(ECHO_SUBTASK).cancel();
  }
  /** Waits for the call's result and takes it. Traps: it was cancelled, or the result was taken before */
  export function result(): string {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<ArenaSubtask>(ECHO_SUBTASK).takeLanded();
    return loadElement<string>(ECHO_CALL);
  }
  /** Cancels a call that goes on; a result that nobody took is dropped. */
  export function drop(): void {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<ArenaSubtask>(ECHO_SUBTASK);
    cancel();
    sub_task.forget();
  }
  /**
   * A call of its own, beside others: in one of `CALL_PLACES` static places, from `open` to `drop`. Ends of streams and futures that
   * it made or answered with lie there too: drop them first.
   */
  @unmanaged
  export class Own_Call {
    /**
     * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.
     * @returns whether it has returned already
     * Traps: a call goes on; a region of the arena has no room for what is passed
     */
    start(text: string, notes: ListString): bool {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<ArenaSubtask>(changetype<usize>(this));
      sub_task.requireIdle();
      enter_region(changetype<usize>(this) + 32 + ((<i32>ARENA_BYTES + 7) & ~7));
      text = keep_array<string>(text);
      const kept_notes = keep_block(changetype<usize>(notes), 8);
      {
        const items_2: usize = keep_items(kept_notes, 8);
        const end_2: usize = items_2 + <usize>load<u32>(kept_notes, 4) * 8;
        for (let item_2 = items_2; item_2 < end_2; item_2 += 8) {
          keep_items(item_2, 2);
        }
      }
      notes = changetype<ListString>(kept_notes);
      leave_region();
      sub_task.land(changetype<usize>(this) + 32);
      return sub_task.begin(
        lowered_Echo(
          i32(changetype<usize>(text)),
          text.length,
          load<i32>(changetype<usize>(notes)),
          load<i32>(changetype<usize>(notes), 4),
          changetype<usize>(this) + 24,
        ),
      );
    }
    /** Whether no call goes on. Takes in progress that is there; never waits. */
    @inline
    poll(): bool {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this)).poll();
    }
    /** Waits until no call goes on. */
    @inline
    wait(): void {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      changetype<Subtask>(changetype<usize>(this)).wait();
    }
    /** The call that `start` began, for `waitAny`. */
    @inline
    pending(): Subtask {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this));
    }
    /** Whether the callee has started. After a cancel that came before, what was passed is the guest's again. */
    @inline
    started(): bool {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this)).started;
    }
    /** Asks the callee to stop, and waits until it has. @returns whether it has returned a result all the same. Spec: canon subtask.cancel */
    cancel(): bool {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this)).cancel();
    }
    /** Waits for the call's result and takes it. Traps: it was cancelled, or the result was taken before */
    result(): string {
      // SAFETY: the frame is static, and its layout above says what lies where.
      changetype<ArenaSubtask>(changetype<usize>(this)).takeLanded();
      return loadElement<string>(changetype<usize>(this) + 24);
    }
    /** Cancels a call that goes on; a result that nobody took is dropped. */
    drop(): void {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<ArenaSubtask>(changetype<usize>(this));
      this.cancel();
      sub_task.forget();
      leave_call(changetype<usize>(this));
    }
  }
  /** Takes a place for a call of its own; its `drop` gives the place back. Traps: all are taken */
  export function open(): Own_Call {
    // SAFETY: the table is static and of this function's calls alone, laid out as the class says.
    return changetype<Own_Call>(
      take_call(ECHO_CALLS, 32 + ((<i32>ARENA_BYTES + 7) & ~7) + ((<i32>ARENA_BYTES + 7) & ~7)),
    );
  }
}

@external("test:library/given", "[stream-new-0]feed")
declare function new__stream0_Feed(): u64;

@external("test:library/given", "[async-lower][stream-write-0]feed")
declare function write_stream0_Feed(handle: u32, ptr: usize, length: u32): u32;

@external("test:library/given", "[stream-cancel-write-0]feed")
declare function cancelWrite_stream0_Feed(handle: u32): u32;

@external("test:library/given", "[stream-drop-writable-0]feed")
declare function dropWritable_stream0_Feed(handle: u32): void;

/** The canonical built-ins of stream 0 of `feed`. */
@unmanaged
class Feed_stream0 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream0_Feed(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream0_Feed(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream0_Feed(handle);
  }
}

@external("test:library/given", "[stream-drop-readable-0]feed")
declare function dropGiven_stream0_Feed(handle: u32): void;

@external("test:library/given", "[async-lower][future-read-1]feed")
declare function read_future1_Feed(handle: u32, ptr: usize): u32;

@external("test:library/given", "[future-cancel-read-1]feed")
declare function cancelRead_future1_Feed(handle: u32): u32;

@external("test:library/given", "[future-drop-readable-1]feed")
declare function dropReadable_future1_Feed(handle: u32): void;

/** The canonical built-ins of future 1 of `feed`. */
@unmanaged
class Feed_future1 {
  @inline
  read(handle: u32, ptr: usize): u32 {
    return read_future1_Feed(handle, ptr);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_future1_Feed(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_future1_Feed(handle);
  }
  carries_future_u32: bool;
}

@external("test:library/given", "[async-lower]feed")
declare function lowered_Feed(items: u32, count: i32, result_ptr: usize): u32;

/** How far a call of `feed` has come that goes on by itself: 12 bytes. */
@lazy
const FEED_SUBTASK: usize = memory.data(12, 4);

/** Places of calls of `feed` that go on side by side. */
@lazy
const FEED_CALLS: usize = memory.data(call_places * (80 + 0), 8);

/**
 * The static frame of a call of `feed`, 56 bytes:
 *
 *       0  operation of `items`: 20 + slot 1
 *      24  readable end that the call gives away as `items`: 4
 *      28  where the host writes the result: 4
 *      32  operation of the result: 20 + slot 4
 */
const FEED_CALL: usize = memory.data(56, 4);

/** Calls of `feed`, one at a time; each waits until the callee has returned. */
export namespace feed {
  /** Makes the stream for parameter `items`; the next `call` that is handed no other gives its readable end away. @returns the writable end; close it when done */
  export function items(): StreamWriter<u8, Feed_stream0> {
    const both_ends = new__stream0_Feed();
    // SAFETY: both places lie in the static frame, as its layout above says.
    store<u32>(FEED_CALL + 24, u32(both_ends));
    const writer_end = changetype<StreamWriter<u8, Feed_stream0>>(FEED_CALL);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /**
   * A call that gives and takes an end.
   *
   * `feed: async func(items: stream<u8>, count: u32) -> future<u32>`.
   */
  export function call<E_0 = Made_End>(count: u32, items: E_0 = made_end): FutureReader<u32, Feed_future1> {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<Subtask>(FEED_SUBTASK).requireIdle();
    if (!isDefined(items.isMade)) {
      if (!isDefined(items.operations.carries_stream_u8)) {
        ERROR("as-rill: param items is a stream<u8>");
      }
      store<u32>(FEED_CALL + 24, items.handOn());
    }
    awaitSubtask(lowered_Feed(load<u32>(FEED_CALL + 24), i32(count), FEED_CALL + 28));
    const reader_end = changetype<FutureReader<u32, Feed_future1>>(FEED_CALL + 32);
    reader_end.open(load<u32>(FEED_CALL + 28));
    return reader_end;
  }
  /**
   * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.
   * @returns whether it has returned already
   * Traps: a call goes on
   */
  export function start<E_0 = Made_End>(count: u32, items: E_0 = made_end): bool {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(FEED_SUBTASK);
    sub_task.requireIdle();
    if (sub_task.hasResult) {
      dropReadable_future1_Feed(load<u32>(FEED_CALL + 28));
    }
    if (!isDefined(items.isMade)) {
      if (!isDefined(items.operations.carries_stream_u8)) {
        ERROR("as-rill: param items is a stream<u8>");
      }
      store<u32>(FEED_CALL + 24, items.handOn());
    }
    return sub_task.begin(lowered_Feed(load<u32>(FEED_CALL + 24), i32(count), FEED_CALL + 28));
  }
  /** Whether no call goes on. Takes in progress that is there; never waits. */
  @inline
  export function poll(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(FEED_SUBTASK).poll();
  }
  /** Waits until no call goes on. */
  @inline
  export function wait(): void {
    // SAFETY: the constant names static memory of a subtask.
    changetype<Subtask>(FEED_SUBTASK).wait();
  }
  /** The call that `start` began, for `waitAny`. */
  @inline
  export function pending(): Subtask {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(FEED_SUBTASK);
  }
  /** Whether the callee has started. After a cancel that came before, what was passed is the guest's again. */
  @inline
  export function started(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(FEED_SUBTASK).started;
  }
  /** Asks the callee to stop, and waits until it has. @returns whether it has returned a result all the same. Spec: canon subtask.cancel */
  export function cancel(): bool {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(FEED_SUBTASK);
    const was_on = !sub_task.poll();
    const has_result = sub_task.cancel();
    if (was_on && !sub_task.started) {
      dropGiven_stream0_Feed(load<u32>(FEED_CALL + 24));
    }
    return has_result;
  }
  /** Waits for the call's result and takes it. Traps: it was cancelled, or the result was taken before */
  export function result(): FutureReader<u32, Feed_future1> {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<Subtask>(FEED_SUBTASK).take();
    const reader_end = changetype<FutureReader<u32, Feed_future1>>(FEED_CALL + 32);
    reader_end.open(load<u32>(FEED_CALL + 28));
    return reader_end;
  }
  /** Cancels a call that goes on; a result that nobody took is dropped. */
  export function drop(): void {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(FEED_SUBTASK);
    cancel();
    if (sub_task.hasResult) {
      dropReadable_future1_Feed(load<u32>(FEED_CALL + 28));
    }
    sub_task.forget();
  }
  /**
   * A call of its own, beside others: in one of `CALL_PLACES` static places, from `open` to `drop`. Ends of streams and futures that
   * it made or answered with lie there too: drop them first.
   */
  @unmanaged
  export class Own_Call {
    /** Makes the stream for parameter `items`; the next `call` that is handed no other gives its readable end away. @returns the writable end; close it when done */
    items(): StreamWriter<u8, Feed_stream0> {
      const both_ends = new__stream0_Feed();
      // SAFETY: both places lie in the static frame, as its layout above says.
      store<u32>(changetype<usize>(this) + 24 + 24, u32(both_ends));
      const writer_end = changetype<StreamWriter<u8, Feed_stream0>>(changetype<usize>(this) + 24);
      writer_end.open(u32(both_ends >> 32));
      return writer_end;
    }
    /**
     * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.
     * @returns whether it has returned already
     * Traps: a call goes on
     */
    start<E_0 = Made_End>(count: u32, items: E_0 = made_end): bool {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<Subtask>(changetype<usize>(this));
      sub_task.requireIdle();
      if (sub_task.hasResult) {
        dropReadable_future1_Feed(load<u32>(changetype<usize>(this) + 24 + 28));
      }
      if (!isDefined(items.isMade)) {
        if (!isDefined(items.operations.carries_stream_u8)) {
          ERROR("as-rill: param items is a stream<u8>");
        }
        store<u32>(changetype<usize>(this) + 24 + 24, items.handOn());
      }
      return sub_task.begin(
        lowered_Feed(
          load<u32>(changetype<usize>(this) + 24 + 24),
          i32(count),
          changetype<usize>(this) + 24 + 28,
        ),
      );
    }
    /** Whether no call goes on. Takes in progress that is there; never waits. */
    @inline
    poll(): bool {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this)).poll();
    }
    /** Waits until no call goes on. */
    @inline
    wait(): void {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      changetype<Subtask>(changetype<usize>(this)).wait();
    }
    /** The call that `start` began, for `waitAny`. */
    @inline
    pending(): Subtask {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this));
    }
    /** Whether the callee has started. After a cancel that came before, what was passed is the guest's again. */
    @inline
    started(): bool {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this)).started;
    }
    /** Asks the callee to stop, and waits until it has. @returns whether it has returned a result all the same. Spec: canon subtask.cancel */
    cancel(): bool {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<Subtask>(changetype<usize>(this));
      const was_on = !sub_task.poll();
      const has_result = sub_task.cancel();
      if (was_on && !sub_task.started) {
        dropGiven_stream0_Feed(load<u32>(changetype<usize>(this) + 24 + 24));
      }
      return has_result;
    }
    /** Waits for the call's result and takes it. Traps: it was cancelled, or the result was taken before */
    result(): FutureReader<u32, Feed_future1> {
      // SAFETY: the frame is static, and its layout above says what lies where.
      changetype<Subtask>(changetype<usize>(this)).take();
      const reader_end = changetype<FutureReader<u32, Feed_future1>>(changetype<usize>(this) + 24 + 32);
      reader_end.open(load<u32>(changetype<usize>(this) + 24 + 28));
      return reader_end;
    }
    /** Cancels a call that goes on; a result that nobody took is dropped. */
    drop(): void {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<Subtask>(changetype<usize>(this));
      this.cancel();
      if (sub_task.hasResult) {
        dropReadable_future1_Feed(load<u32>(changetype<usize>(this) + 24 + 28));
      }
      sub_task.forget();
      leave_call(changetype<usize>(this));
    }
  }
  /** Takes a place for a call of its own; its `drop` gives the place back. Traps: all are taken */
  export function open(): Own_Call {
    // SAFETY: the table is static and of this function's calls alone, laid out as the class says.
    return changetype<Own_Call>(take_call(FEED_CALLS, 80 + 0));
  }
}

/**
 * Bindings of `my:test/i`.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  StreamReader,
  StreamWriter,
  Subtask,
  awaitSubtask,
  CALL_PLACES as call_places,
  takeCall as take_call,
  leaveCall as leave_call,
  Made as Made_End,
  made as made_end,
} from "as-rill/assembly/bindings";

@external("my:test/i", "[stream-new-0]double")
declare function new__stream0_Double(): u64;

@external("my:test/i", "[async-lower][stream-write-0]double")
declare function write_stream0_Double(handle: u32, ptr: usize, length: u32): u32;

@external("my:test/i", "[stream-cancel-write-0]double")
declare function cancelWrite_stream0_Double(handle: u32): u32;

@external("my:test/i", "[stream-drop-writable-0]double")
declare function dropWritable_stream0_Double(handle: u32): void;

/** The canonical built-ins of stream 0 of `double`. */
@unmanaged
class Double_stream0 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream0_Double(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream0_Double(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream0_Double(handle);
  }
}

@external("my:test/i", "[stream-drop-readable-0]double")
declare function dropGiven_stream0_Double(handle: u32): void;

@external("my:test/i", "[async-lower][stream-read-1]double")
declare function read_stream1_Double(handle: u32, ptr: usize, length: u32): u32;

@external("my:test/i", "[stream-cancel-read-1]double")
declare function cancelRead_stream1_Double(handle: u32): u32;

@external("my:test/i", "[stream-drop-readable-1]double")
declare function dropReadable_stream1_Double(handle: u32): void;

/** The canonical built-ins of stream 1 of `double`. */
@unmanaged
class Double_stream1 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream1_Double(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream1_Double(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream1_Double(handle);
  }
  carries_stream_u32: bool;
}

@external("my:test/i", "[async-lower]double")
declare function lowered_Double(x: u32, result_ptr: usize): u32;

/** How far a call of `double` has come that goes on by itself: 12 bytes. */
@lazy
const DOUBLE_SUBTASK: usize = memory.data(12, 4);

/** Places of calls of `double` that go on side by side. */
@lazy
const DOUBLE_CALLS: usize = memory.data(call_places * (80 + 0), 8);

/**
 * The static frame of a call of `double`, 56 bytes:
 *
 *       0  operation of `x`: 20 + slot 4
 *      24  readable end that the call gives away as `x`: 4
 *      28  where the host writes the result: 4
 *      32  operation of the result: 20 + slot 4
 */
const DOUBLE_CALL: usize = memory.data(56, 4);

/** Calls of `double`, one at a time; each waits until the callee has returned. */
export namespace double {
  /** Makes the stream for parameter `x`; the next `call` that is handed no other gives its readable end away. @returns the writable end; close it when done */
  export function x(): StreamWriter<u32, Double_stream0> {
    const both_ends = new__stream0_Double();
    // SAFETY: both places lie in the static frame, as its layout above says.
    store<u32>(DOUBLE_CALL + 24, u32(both_ends));
    const writer_end = changetype<StreamWriter<u32, Double_stream0>>(DOUBLE_CALL);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /** `double: async func(x: stream<u32>) -> stream<u32>`. */
  export function call<E_0 = Made_End>(x: E_0 = made_end): StreamReader<u32, Double_stream1> {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<Subtask>(DOUBLE_SUBTASK).requireIdle();
    if (!isDefined(x.isMade)) {
      if (!isDefined(x.operations.carries_stream_u32)) {
        ERROR("as-rill: param x is a stream<u32>");
      }
      store<u32>(DOUBLE_CALL + 24, x.handOn());
    }
    awaitSubtask(lowered_Double(load<u32>(DOUBLE_CALL + 24), DOUBLE_CALL + 28));
    const reader_end = changetype<StreamReader<u32, Double_stream1>>(DOUBLE_CALL + 32);
    reader_end.open(load<u32>(DOUBLE_CALL + 28));
    return reader_end;
  }
  /**
   * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.
   * @returns whether it has returned already
   * Traps: a call goes on
   */
  export function start<E_0 = Made_End>(x: E_0 = made_end): bool {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(DOUBLE_SUBTASK);
    sub_task.requireIdle();
    if (sub_task.hasResult) {
      dropReadable_stream1_Double(load<u32>(DOUBLE_CALL + 28));
    }
    if (!isDefined(x.isMade)) {
      if (!isDefined(x.operations.carries_stream_u32)) {
        ERROR("as-rill: param x is a stream<u32>");
      }
      store<u32>(DOUBLE_CALL + 24, x.handOn());
    }
    return sub_task.begin(lowered_Double(load<u32>(DOUBLE_CALL + 24), DOUBLE_CALL + 28));
  }
  /** Whether no call goes on. Takes in progress that is there; never waits. */
  @inline
  export function poll(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(DOUBLE_SUBTASK).poll();
  }
  /** Waits until no call goes on. */
  @inline
  export function wait(): void {
    // SAFETY: the constant names static memory of a subtask.
    changetype<Subtask>(DOUBLE_SUBTASK).wait();
  }
  /** The call that `start` began, for `waitAny`. */
  @inline
  export function pending(): Subtask {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(DOUBLE_SUBTASK);
  }
  /** Whether the callee has started. After a cancel that came before, what was passed is the guest's again. */
  @inline
  export function started(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(DOUBLE_SUBTASK).started;
  }
  /** Asks the callee to stop, and waits until it has. @returns whether it has returned a result all the same. Spec: canon subtask.cancel */
  export function cancel(): bool {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(DOUBLE_SUBTASK);
    const was_on = !sub_task.poll();
    const has_result = sub_task.cancel();
    if (was_on && !sub_task.started) {
      dropGiven_stream0_Double(load<u32>(DOUBLE_CALL + 24));
    }
    return has_result;
  }
  /** Waits for the call's result and takes it. Traps: it was cancelled, or the result was taken before */
  export function result(): StreamReader<u32, Double_stream1> {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<Subtask>(DOUBLE_SUBTASK).take();
    const reader_end = changetype<StreamReader<u32, Double_stream1>>(DOUBLE_CALL + 32);
    reader_end.open(load<u32>(DOUBLE_CALL + 28));
    return reader_end;
  }
  /** Cancels a call that goes on; a result that nobody took is dropped. */
  export function drop(): void {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(DOUBLE_SUBTASK);
    cancel();
    if (sub_task.hasResult) {
      dropReadable_stream1_Double(load<u32>(DOUBLE_CALL + 28));
    }
    sub_task.forget();
  }
  /**
   * A call of its own, beside others: in one of `CALL_PLACES` static places, from `open` to `drop`. Ends of streams and futures that
   * it made or answered with lie there too: drop them first.
   */
  @unmanaged
  export class Own_Call {
    /** Makes the stream for parameter `x`; the next `call` that is handed no other gives its readable end away. @returns the writable end; close it when done */
    x(): StreamWriter<u32, Double_stream0> {
      const both_ends = new__stream0_Double();
      // SAFETY: both places lie in the static frame, as its layout above says.
      store<u32>(changetype<usize>(this) + 24 + 24, u32(both_ends));
      const writer_end = changetype<StreamWriter<u32, Double_stream0>>(changetype<usize>(this) + 24);
      writer_end.open(u32(both_ends >> 32));
      return writer_end;
    }
    /**
     * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.
     * @returns whether it has returned already
     * Traps: a call goes on
     */
    start<E_0 = Made_End>(x: E_0 = made_end): bool {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<Subtask>(changetype<usize>(this));
      sub_task.requireIdle();
      if (sub_task.hasResult) {
        dropReadable_stream1_Double(load<u32>(changetype<usize>(this) + 24 + 28));
      }
      if (!isDefined(x.isMade)) {
        if (!isDefined(x.operations.carries_stream_u32)) {
          ERROR("as-rill: param x is a stream<u32>");
        }
        store<u32>(changetype<usize>(this) + 24 + 24, x.handOn());
      }
      return sub_task.begin(
        lowered_Double(load<u32>(changetype<usize>(this) + 24 + 24), changetype<usize>(this) + 24 + 28),
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
        dropGiven_stream0_Double(load<u32>(changetype<usize>(this) + 24 + 24));
      }
      return has_result;
    }
    /** Waits for the call's result and takes it. Traps: it was cancelled, or the result was taken before */
    result(): StreamReader<u32, Double_stream1> {
      // SAFETY: the frame is static, and its layout above says what lies where.
      changetype<Subtask>(changetype<usize>(this)).take();
      const reader_end = changetype<StreamReader<u32, Double_stream1>>(changetype<usize>(this) + 24 + 32);
      reader_end.open(load<u32>(changetype<usize>(this) + 24 + 28));
      return reader_end;
    }
    /** Cancels a call that goes on; a result that nobody took is dropped. */
    drop(): void {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<Subtask>(changetype<usize>(this));
      this.cancel();
      if (sub_task.hasResult) {
        dropReadable_stream1_Double(load<u32>(changetype<usize>(this) + 24 + 28));
      }
      sub_task.forget();
      leave_call(changetype<usize>(this));
    }
  }
  /** Takes a place for a call of its own; its `drop` gives the place back. Traps: all are taken */
  export function open(): Own_Call {
    // SAFETY: the table is static and of this function's calls alone, laid out as the class says.
    return changetype<Own_Call>(take_call(DOUBLE_CALLS, 80 + 0));
  }
}

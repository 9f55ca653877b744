/**
 * Bindings of `test:library/made`: One function for each kind of end, and a resource.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  ARENA_BYTES,
  ArenaFutureReader,
  ArenaReader,
  FutureReader,
  FutureWriter,
  Handle,
  StreamReader,
  StreamWriter,
  Unit,
  isCancelled as is_cancelled,
  noteAnswered as note_answered,
  endCancelled as end_cancelled,
  Made as Made_End,
  made as made_end,
} from "as-rill/assembly/bindings";

@external("[export]test:library/made", "[resource-new]counter")
declare function resource_new_Counter(state: usize): u32;

@external("[export]test:library/made", "[resource-rep]counter")
declare function resource_rep_Counter(handle: u32): usize;

@external("[export]test:library/made", "[resource-drop]counter")
declare function resource_drop_Counter(handle: u32): void;

/** WIT: `resource counter`, which this guest implements: a handle that the guest owns. */
@unmanaged
export class Counter extends Handle {
  /** A new handle. @param state an address or number of the guest's own, which comes back in each call. Spec: canon resource.new */
  @inline
  static of<T_state>(state: T_state): Counter {
    // SAFETY: a state is a number or the address of an unmanaged object; a handle is a number.
    return changetype<Counter>(<usize>resource_new_Counter(changetype<usize>(state)));
  }
  /** What the handle was made for. Spec: canon resource.rep */
  @inline
  state<T_state>(): T_state {
    // SAFETY: it is what `of` was given, of the same type.
    return changetype<T_state>(resource_rep_Counter(changetype<u32>(this)));
  }
  /** Gives the handle up: the guest's destructor runs. Spec: canon resource.drop */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    resource_drop_Counter(changetype<u32>(this));
  }
}

@external("[export]test:library/made", "[async-lower][stream-read-0]numbers")
declare function read_stream0_Numbers(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:library/made", "[stream-cancel-read-0]numbers")
declare function cancelRead_stream0_Numbers(handle: u32): u32;

@external("[export]test:library/made", "[stream-drop-readable-0]numbers")
declare function dropReadable_stream0_Numbers(handle: u32): void;

/** The canonical built-ins of stream 0 of `numbers`. */
@unmanaged
class Numbers_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_Numbers(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_Numbers(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_Numbers(handle);
  }
  carries_stream_u32: bool;
}

@external("[export]test:library/made", "[task-return]numbers")
declare function taskReturn_Numbers(result: u32): void;

@external("[export]test:library/made", "[stream-new-1]numbers")
declare function new__stream1_Numbers(): u64;

@external("[export]test:library/made", "[async-lower][stream-write-1]numbers")
declare function write_stream1_Numbers(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:library/made", "[stream-cancel-write-1]numbers")
declare function cancelWrite_stream1_Numbers(handle: u32): u32;

@external("[export]test:library/made", "[stream-drop-writable-1]numbers")
declare function dropWritable_stream1_Numbers(handle: u32): void;

/** The canonical built-ins of stream 1 of `numbers`. */
@unmanaged
class Numbers_stream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream1_Numbers(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream1_Numbers(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream1_Numbers(handle);
  }
}

/**
 * The static frame of a `numbers` task, 48 bytes:
 *
 *       0  operation of `input`: 20 + slot 4
 *      24  operation of the result: 20 + slot 4
 */
const NUMBERS_FRAME: usize = memory.data(48, 4);

/** `numbers: async func(input: stream<u32>) -> stream<u32>`. */
export namespace numbers {
  /** One call of `numbers`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `input`: the readable end of a stream. */
    @inline
    get input(): StreamReader<u32, Numbers_stream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<u32, Numbers_stream0>>(NUMBERS_FRAME);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<u32, Numbers_stream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<u32, Numbers_stream1>>(NUMBERS_FRAME + 24);
    }
    /** Answers the call with a new stream, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): StreamWriter<u32, Numbers_stream1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_stream_u32)) {
          ERROR("as-rill: the result is a stream<u32>");
        }
        taskReturn_Numbers(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__stream1_Numbers();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_Numbers(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(input: u32): void {
      this.input.open(input);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.input.close();
      this.output.close();
      end_cancelled();
    }
  }
}

/** The part of the arena that holds what an item of stream 0 of `texts` points to. */
const Texts_stream0_region: usize = memory.data(<i32>ARENA_BYTES, 8);

@external("[export]test:library/made", "[async-lower][stream-read-0]texts")
declare function read_stream0_Texts(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:library/made", "[stream-cancel-read-0]texts")
declare function cancelRead_stream0_Texts(handle: u32): u32;

@external("[export]test:library/made", "[stream-drop-readable-0]texts")
declare function dropReadable_stream0_Texts(handle: u32): void;

/** The canonical built-ins of stream 0 of `texts`. */
@unmanaged
class Texts_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_Texts(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_Texts(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_Texts(handle);
  }
  @inline
  region(_end: usize): usize {
    return Texts_stream0_region;
  }
  carries_stream_string: bool;
}

@external("[export]test:library/made", "[task-return]texts")
declare function taskReturn_Texts(result: u32): void;

@external("[export]test:library/made", "[stream-new-1]texts")
declare function new__stream1_Texts(): u64;

@external("[export]test:library/made", "[async-lower][stream-write-1]texts")
declare function write_stream1_Texts(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:library/made", "[stream-cancel-write-1]texts")
declare function cancelWrite_stream1_Texts(handle: u32): u32;

@external("[export]test:library/made", "[stream-drop-writable-1]texts")
declare function dropWritable_stream1_Texts(handle: u32): void;

/** The canonical built-ins of stream 1 of `texts`. */
@unmanaged
class Texts_stream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream1_Texts(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream1_Texts(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream1_Texts(handle);
  }
}

/**
 * The static frame of a `texts` task, 56 bytes:
 *
 *       0  operation of `input`: 20 + slot 8
 *      28  operation of the result: 20 + slot 8
 */
const TEXTS_FRAME: usize = memory.data(56, 4);

/** `texts: async func(input: stream<string>) -> stream<string>`. */
export namespace texts {
  /** One call of `texts`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `input`: the readable end of a stream. */
    @inline
    get input(): ArenaReader<string, Texts_stream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<ArenaReader<string, Texts_stream0>>(TEXTS_FRAME);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<string, Texts_stream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<string, Texts_stream1>>(TEXTS_FRAME + 28);
    }
    /** Answers the call with a new stream, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): StreamWriter<string, Texts_stream1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_stream_string)) {
          ERROR("as-rill: the result is a stream<string>");
        }
        taskReturn_Texts(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__stream1_Texts();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_Texts(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(input: u32): void {
      this.input.open(input);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.input.close();
      this.output.close();
      end_cancelled();
    }
  }
}

@external("[export]test:library/made", "[async-lower][future-read-0]number")
declare function read_future0_Number(handle: u32, ptr: usize): u32;

@external("[export]test:library/made", "[future-cancel-read-0]number")
declare function cancelRead_future0_Number(handle: u32): u32;

@external("[export]test:library/made", "[future-drop-readable-0]number")
declare function dropReadable_future0_Number(handle: u32): void;

/** The canonical built-ins of future 0 of `number`. */
@unmanaged
class Number_future0 {
  @inline
  read(handle: u32, ptr: usize): u32 {
    return read_future0_Number(handle, ptr);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_future0_Number(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_future0_Number(handle);
  }
  carries_future_u32: bool;
}

@external("[export]test:library/made", "[task-return]number")
declare function taskReturn_Number(result: u32): void;

@external("[export]test:library/made", "[future-new-1]number")
declare function new__future1_Number(): u64;

@external("[export]test:library/made", "[async-lower][future-write-1]number")
declare function write_future1_Number(handle: u32, ptr: usize): u32;

@external("[export]test:library/made", "[future-cancel-write-1]number")
declare function cancelWrite_future1_Number(handle: u32): u32;

@external("[export]test:library/made", "[future-drop-writable-1]number")
declare function dropWritable_future1_Number(handle: u32): void;

/** The canonical built-ins of future 1 of `number`. */
@unmanaged
class Number_future1 {
  @inline
  write(handle: u32, ptr: usize): u32 {
    return write_future1_Number(handle, ptr);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_future1_Number(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_future1_Number(handle);
  }
}

/**
 * The static frame of a `number` task, 48 bytes:
 *
 *       0  operation of `input`: 20 + slot 4
 *      24  operation of the result: 20 + slot 4
 */
const NUMBER_FRAME: usize = memory.data(48, 4);

/** `number: async func(input: future<u32>) -> future<u32>`. */
export namespace number_ {
  /** One call of `number`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `input`: the readable end of a future. */
    @inline
    get input(): FutureReader<u32, Number_future0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<FutureReader<u32, Number_future0>>(NUMBER_FRAME);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): FutureWriter<u32, Number_future1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<FutureWriter<u32, Number_future1>>(NUMBER_FRAME + 24);
    }
    /** Answers the call with a new future, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): FutureWriter<u32, Number_future1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_future_u32)) {
          ERROR("as-rill: the result is a future<u32>");
        }
        taskReturn_Number(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__future1_Number();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_Number(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(input: u32): void {
      this.input.open(input);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.input.close();
      this.output.close();
      end_cancelled();
    }
  }
}

/** The part of the arena that holds what the value of future 0 of `text` points to. */
const Text_future0_region: usize = memory.data(<i32>ARENA_BYTES, 8);

@external("[export]test:library/made", "[async-lower][future-read-0]text")
declare function read_future0_Text(handle: u32, ptr: usize): u32;

@external("[export]test:library/made", "[future-cancel-read-0]text")
declare function cancelRead_future0_Text(handle: u32): u32;

@external("[export]test:library/made", "[future-drop-readable-0]text")
declare function dropReadable_future0_Text(handle: u32): void;

/** The canonical built-ins of future 0 of `text`. */
@unmanaged
class Text_future0 {
  @inline
  read(handle: u32, ptr: usize): u32 {
    return read_future0_Text(handle, ptr);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_future0_Text(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_future0_Text(handle);
  }
  @inline
  region(_end: usize): usize {
    return Text_future0_region;
  }
  carries_future_string: bool;
}

@external("[export]test:library/made", "[task-return]text")
declare function taskReturn_Text(result: u32): void;

@external("[export]test:library/made", "[future-new-1]text")
declare function new__future1_Text(): u64;

@external("[export]test:library/made", "[async-lower][future-write-1]text")
declare function write_future1_Text(handle: u32, ptr: usize): u32;

@external("[export]test:library/made", "[future-cancel-write-1]text")
declare function cancelWrite_future1_Text(handle: u32): u32;

@external("[export]test:library/made", "[future-drop-writable-1]text")
declare function dropWritable_future1_Text(handle: u32): void;

/** The canonical built-ins of future 1 of `text`. */
@unmanaged
class Text_future1 {
  @inline
  write(handle: u32, ptr: usize): u32 {
    return write_future1_Text(handle, ptr);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_future1_Text(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_future1_Text(handle);
  }
}

/**
 * The static frame of a `text` task, 56 bytes:
 *
 *       0  operation of `input`: 20 + slot 8
 *      28  operation of the result: 20 + slot 8
 */
const TEXT_FRAME: usize = memory.data(56, 4);

/** `text: async func(input: future<string>) -> future<string>`. */
export namespace text {
  /** One call of `text`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `input`: the readable end of a future. */
    @inline
    get input(): ArenaFutureReader<string, Text_future0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<ArenaFutureReader<string, Text_future0>>(TEXT_FRAME);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): FutureWriter<string, Text_future1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<FutureWriter<string, Text_future1>>(TEXT_FRAME + 28);
    }
    /** Answers the call with a new future, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): FutureWriter<string, Text_future1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_future_string)) {
          ERROR("as-rill: the result is a future<string>");
        }
        taskReturn_Text(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__future1_Text();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_Text(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(input: u32): void {
      this.input.open(input);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.input.close();
      this.output.close();
      end_cancelled();
    }
  }
}

@external("[export]test:library/made", "[async-lower][stream-read-0]ticks")
declare function read_stream0_Ticks(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:library/made", "[stream-cancel-read-0]ticks")
declare function cancelRead_stream0_Ticks(handle: u32): u32;

@external("[export]test:library/made", "[stream-drop-readable-0]ticks")
declare function dropReadable_stream0_Ticks(handle: u32): void;

/** The canonical built-ins of stream 0 of `ticks`. */
@unmanaged
class Ticks_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_Ticks(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_Ticks(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_Ticks(handle);
  }
  carries_stream: bool;
}

@external("[export]test:library/made", "[task-return]ticks")
declare function taskReturn_Ticks(result: i32): void;

/**
 * The static frame of a `ticks` task, 20 bytes:
 *
 *       0  operation of `input`: 20 + slot 0
 */
const TICKS_FRAME: usize = memory.data(20, 4);

/** `ticks: async func(input: stream) -> u32`. */
export namespace ticks {
  /** One call of `ticks`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `input`: the readable end of a stream. */
    @inline
    get input(): StreamReader<Unit, Ticks_stream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<Unit, Ticks_stream0>>(TICKS_FRAME);
    }
    /** Answers the call. Call it once; the task may go on. */
    @inline
    resolve(value: u32): void {
      if (is_cancelled()) return;
      taskReturn_Ticks(i32(value));
      note_answered();
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(input: u32): void {
      this.input.open(input);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.input.close();
      end_cancelled();
    }
  }
}

/**
 * Bindings of `my:test/i`: Arithmetic on streams.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  StreamReader,
  StreamWriter,
  isCancelled as is_cancelled,
  noteAnswered as note_answered,
  endCancelled as end_cancelled,
  Made as Made_End,
  made as made_end,
} from "as-rill/assembly/bindings";

@external("[export]my:test/i", "[async-lower][stream-read-0]double")
declare function read_stream0_Double(handle: u32, ptr: usize, length: u32): u32;

@external("[export]my:test/i", "[stream-cancel-read-0]double")
declare function cancelRead_stream0_Double(handle: u32): u32;

@external("[export]my:test/i", "[stream-drop-readable-0]double")
declare function dropReadable_stream0_Double(handle: u32): void;

/** The canonical built-ins of stream 0 of `double`. */
@unmanaged
class Double_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_Double(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_Double(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_Double(handle);
  }
  carries_stream_u32: bool;
}

@external("[export]my:test/i", "[task-return]double")
declare function taskReturn_Double(result: u32): void;

@external("[export]my:test/i", "[stream-new-1]double")
declare function new__stream1_Double(): u64;

@external("[export]my:test/i", "[async-lower][stream-write-1]double")
declare function write_stream1_Double(handle: u32, ptr: usize, length: u32): u32;

@external("[export]my:test/i", "[stream-cancel-write-1]double")
declare function cancelWrite_stream1_Double(handle: u32): u32;

@external("[export]my:test/i", "[stream-drop-writable-1]double")
declare function dropWritable_stream1_Double(handle: u32): void;

/** The canonical built-ins of stream 1 of `double`. */
@unmanaged
class Double_stream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream1_Double(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream1_Double(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream1_Double(handle);
  }
}

/**
 * The static frame of a `double` task, 48 bytes:
 *
 *       0  operation of `x`: 20 + slot 4
 *      24  operation of the result: 20 + slot 4
 */
const DOUBLE_FRAME: usize = memory.data(48, 4);

/**
 * Answers every item of `x` with its double, one at a time.
 *
 * `double: async func(x: stream<u32>) -> stream<u32>`.
 */
export namespace double {
  /** One call of `double`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `x`: the readable end of a stream. */
    @inline
    get x(): StreamReader<u32, Double_stream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<u32, Double_stream0>>(DOUBLE_FRAME);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<u32, Double_stream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<u32, Double_stream1>>(DOUBLE_FRAME + 24);
    }
    /** Answers the call with a new stream, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): StreamWriter<u32, Double_stream1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_stream_u32)) {
          ERROR("as-rill: the result is a stream<u32>");
        }
        taskReturn_Double(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__stream1_Double();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_Double(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(x: u32): void {
      this.x.open(x);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.x.close();
      this.output.close();
      end_cancelled();
    }
  }
}

/**
 * Bindings of `my:test/i`: Arithmetic on streams.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
import { StreamReader, StreamWriter, ensureWaitableSet } from "as-rill/assembly";

@external("[export]my:test/i", "[async-lower][stream-read-0]double")
declare function streamRead0Double(handle: u32, ptr: usize, length: u32): u32;

@external("[export]my:test/i", "[stream-cancel-read-0]double")
declare function streamCancelRead0Double(handle: u32): u32;

@external("[export]my:test/i", "[stream-drop-readable-0]double")
declare function streamDropReadable0Double(handle: u32): void;

/** The canonical built-ins of stream 0 of `double`. */
@unmanaged
class DoubleStream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return streamRead0Double(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return streamCancelRead0Double(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    streamDropReadable0Double(handle);
  }
}

@external("[export]my:test/i", "[task-return]double")
declare function taskReturnDouble(result: u32): void;

@external("[export]my:test/i", "[stream-new-1]double")
declare function streamNew1Double(): u64;

@external("[export]my:test/i", "[async-lower][stream-write-1]double")
declare function streamWrite1Double(handle: u32, ptr: usize, length: u32): u32;

@external("[export]my:test/i", "[stream-cancel-write-1]double")
declare function streamCancelWrite1Double(handle: u32): u32;

@external("[export]my:test/i", "[stream-drop-writable-1]double")
declare function streamDropWritable1Double(handle: u32): void;

/** The canonical built-ins of stream 1 of `double`. */
@unmanaged
class DoubleStream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return streamWrite1Double(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return streamCancelWrite1Double(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    streamDropWritable1Double(handle);
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
    get x(): StreamReader<u32, DoubleStream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<u32, DoubleStream0>>(DOUBLE_FRAME);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<u32, DoubleStream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<u32, DoubleStream1>>(DOUBLE_FRAME + 24);
    }
    /** Answers the call with a new stream. Call it once. @returns its writable end */
    resolve(): StreamWriter<u32, DoubleStream1> {
      const ends = streamNew1Double();
      const writer = this.output;
      writer.open(u32(ends >> 32));
      taskReturnDouble(u32(ends));
      return writer;
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(x: u32): void {
      ensureWaitableSet();
      this.x.open(x);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.x.close();
      this.output.close();
    }
  }
}

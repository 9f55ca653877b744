/**
 * `my:test/i`, imported.
 *
 * Written by hand until `rill bindgen` writes it.
 */
import { StreamReader, StreamWriter, ensureWaitableSet } from "as-rill/assembly";
import { waitableJoin, waitableSetWait } from "as-rill/assembly/abi/waitable-set";
import { EVENT, waitableSet } from "as-rill/assembly/task/waiting";

/** The call itself. */
@external("my:test/i", "[async-lower]double")
declare function asyncDouble(x: u32, result: usize): u32;

/** Canonical built-in stream.new of `x`. */
@external("my:test/i", "[stream-new-0]double")
declare function streamNew0Double(): u64;

/** Canonical built-in stream.write of `x`. */
@external("my:test/i", "[async-lower][stream-write-0]double")
declare function streamWrite0Double(handle: u32, ptr: usize, length: u32): u32;

/** Canonical built-in stream.cancel-write of `x`. */
@external("my:test/i", "[stream-cancel-write-0]double")
declare function streamCancelWrite0Double(handle: u32): u32;

/** Canonical built-in stream.drop-writable of `x`. */
@external("my:test/i", "[stream-drop-writable-0]double")
declare function streamDropWritable0Double(handle: u32): void;

/** Canonical built-in stream.read of the result. */
@external("my:test/i", "[async-lower][stream-read-1]double")
declare function streamRead1Double(handle: u32, ptr: usize, length: u32): u32;

/** Canonical built-in stream.cancel-read of the result. */
@external("my:test/i", "[stream-cancel-read-1]double")
declare function streamCancelRead1Double(handle: u32): u32;

/** Canonical built-in stream.drop-readable of the result. */
@external("my:test/i", "[stream-drop-readable-1]double")
declare function streamDropReadable1Double(handle: u32): void;

/** Canonical built-in subtask.drop. */
@external("$root", "[subtask-drop]")
declare function subtaskDrop(subtask: u32): void;

/** The canonical built-ins of stream 0 of `double`. */
@unmanaged
class DoubleStream0 {
  @inline write(handle: u32, ptr: usize, length: u32): u32 {
    return streamWrite0Double(handle, ptr, length);
  }
  @inline cancelWrite(handle: u32): u32 {
    return streamCancelWrite0Double(handle);
  }
  @inline dropWritable(handle: u32): void {
    streamDropWritable0Double(handle);
  }
}

/** The canonical built-ins of stream 1 of `double`. */
@unmanaged
class DoubleStream1 {
  @inline read(handle: u32, ptr: usize, length: u32): u32 {
    return streamRead1Double(handle, ptr, length);
  }
  @inline cancelRead(handle: u32): u32 {
    return streamCancelRead1Double(handle);
  }
  @inline dropReadable(handle: u32): void {
    streamDropReadable1Double(handle);
  }
}

/** Operation of `x` (24 bytes), operation of the result (24 bytes), the call's result (4 bytes). */
const FRAME: usize = memory.data(52, 4);

/** `double: async func(x: stream<u32>) -> stream<u32>`. */
export namespace double {
  /** One call of `double`. */
  @unmanaged
  export class Call {
    /** The writable end of `x`. */
    @inline get x(): StreamWriter<u32, DoubleStream0> {
      // SAFETY: the operation lies in the static frame, at the address that its layout above says.
      return changetype<StreamWriter<u32, DoubleStream0>>(FRAME);
    }
    /** The readable end of the result. */
    @inline get result(): StreamReader<u32, DoubleStream1> {
      // SAFETY: as in `x`.
      return changetype<StreamReader<u32, DoubleStream1>>(FRAME + 24);
    }
  }

  /** Calls `double` and waits until it has answered. */
  export function call(): Call {
    ensureWaitableSet();
    // SAFETY: a Call holds no state of its own; its parts are in the static frame.
    const call = changetype<Call>(0);
    const ends = streamNew0Double();
    const status = asyncDouble(u32(ends), FRAME + 48);
    const subtask = status >> 4;
    if (subtask) {
      waitableJoin(subtask, waitableSet());
      // SAFETY: EVENT is 8 static bytes that the host writes.
      do waitableSetWait(waitableSet(), EVENT);
      while (load<u32>(EVENT, 4) != 2);
      waitableJoin(subtask, 0);
      subtaskDrop(subtask);
    }
    call.x.open(u32(ends >> 32));
    // SAFETY: the call has returned, so its result is in the frame.
    call.result.open(load<u32>(FRAME + 48));
    return call;
  }
}

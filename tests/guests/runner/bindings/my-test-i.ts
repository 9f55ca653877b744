/**
 * Bindings of `my:test/i`.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
import { StreamReader, StreamWriter, awaitSubtask, ensureWaitableSet } from "as-rill/assembly";

@external("my:test/i", "[stream-new-0]double")
declare function streamNew0Double(): u64;

@external("my:test/i", "[async-lower][stream-write-0]double")
declare function streamWrite0Double(handle: u32, ptr: usize, length: u32): u32;

@external("my:test/i", "[stream-cancel-write-0]double")
declare function streamCancelWrite0Double(handle: u32): u32;

@external("my:test/i", "[stream-drop-writable-0]double")
declare function streamDropWritable0Double(handle: u32): void;

/** The canonical built-ins of stream 0 of `double`. */
@unmanaged
class DoubleStream0 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return streamWrite0Double(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return streamCancelWrite0Double(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    streamDropWritable0Double(handle);
  }
}

@external("my:test/i", "[async-lower][stream-read-1]double")
declare function streamRead1Double(handle: u32, ptr: usize, length: u32): u32;

@external("my:test/i", "[stream-cancel-read-1]double")
declare function streamCancelRead1Double(handle: u32): u32;

@external("my:test/i", "[stream-drop-readable-1]double")
declare function streamDropReadable1Double(handle: u32): void;

/** The canonical built-ins of stream 1 of `double`. */
@unmanaged
class DoubleStream1 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return streamRead1Double(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return streamCancelRead1Double(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    streamDropReadable1Double(handle);
  }
}

@external("my:test/i", "[async-lower]double")
declare function loweredDouble(x: u32, resultPtr: usize): u32;

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
  /** Makes the stream for parameter `x`; the next `call` gives its readable end away. @returns the writable end; close it when done */
  export function x(): StreamWriter<u32, DoubleStream0> {
    ensureWaitableSet();
    const ends = streamNew0Double();
    // SAFETY: both places lie in the static frame, as its layout above says.
    store<u32>(DOUBLE_CALL + 24, u32(ends));
    const writer = changetype<StreamWriter<u32, DoubleStream0>>(DOUBLE_CALL);
    writer.open(u32(ends >> 32));
    return writer;
  }
  /** `double: async func(x: stream<u32>) -> stream<u32>`. */
  export function call(): StreamReader<u32, DoubleStream1> {
    ensureWaitableSet();
    // SAFETY: the frame is static, and its layout above says what lies where.
    awaitSubtask(loweredDouble(load<u32>(DOUBLE_CALL + 24), DOUBLE_CALL + 28));
    const reader = changetype<StreamReader<u32, DoubleStream1>>(DOUBLE_CALL + 32);
    reader.open(load<u32>(DOUBLE_CALL + 28));
    return reader;
  }
}

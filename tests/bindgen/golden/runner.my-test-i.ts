/**
 * Bindings of `my:test/i`.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
import { StreamReader, StreamWriter, awaitSubtask } from "as-rill/assembly";

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
}

@external("my:test/i", "[async-lower]double")
declare function lowered_Double(x: u32, result_ptr: usize): u32;

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
  export function x(): StreamWriter<u32, Double_stream0> {
    const both_ends = new__stream0_Double();
    // SAFETY: both places lie in the static frame, as its layout above says.
    store<u32>(DOUBLE_CALL + 24, u32(both_ends));
    const writer_end = changetype<StreamWriter<u32, Double_stream0>>(DOUBLE_CALL);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /** `double: async func(x: stream<u32>) -> stream<u32>`. */
  export function call(): StreamReader<u32, Double_stream1> {
    // SAFETY: the frame is static, and its layout above says what lies where.
    awaitSubtask(lowered_Double(load<u32>(DOUBLE_CALL + 24), DOUBLE_CALL + 28));
    const reader_end = changetype<StreamReader<u32, Double_stream1>>(DOUBLE_CALL + 32);
    reader_end.open(load<u32>(DOUBLE_CALL + 28));
    return reader_end;
  }
}

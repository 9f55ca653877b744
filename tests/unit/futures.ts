/**
 * A reader and a writer of a future of `u32` in a static frame, as generated bindings lay
 * them out, for the specs of this folder.
 */
import { FutureReader, FutureWriter } from "../../assembly";


@external("[export]spec:ends/i", "[async-lower][future-read-0]g")
declare function futureRead(handle: u32, ptr: usize): u32;


@external("[export]spec:ends/i", "[future-cancel-read-0]g")
declare function futureCancelRead(handle: u32): u32;


@external("[export]spec:ends/i", "[future-drop-readable-0]g")
declare function futureDropReadable(handle: u32): void;


@external("[export]spec:ends/i", "[async-lower][future-write-1]g")
declare function futureWrite(handle: u32, ptr: usize): u32;


@external("[export]spec:ends/i", "[future-cancel-write-1]g")
declare function futureCancelWrite(handle: u32): u32;


@external("[export]spec:ends/i", "[future-drop-writable-1]g")
declare function futureDropWritable(handle: u32): void;


@unmanaged
export class FutureReadOps {

  @inline read(handle: u32, ptr: usize): u32 {
    return futureRead(handle, ptr);
  }


  @inline cancelRead(handle: u32): u32 {
    return futureCancelRead(handle);
  }


  @inline dropReadable(handle: u32): void {
    futureDropReadable(handle);
  }
}


@unmanaged
export class FutureWriteOps {

  @inline write(handle: u32, ptr: usize): u32 {
    return futureWrite(handle, ptr);
  }


  @inline cancelWrite(handle: u32): u32 {
    return futureCancelWrite(handle);
  }


  @inline dropWritable(handle: u32): void {
    futureDropWritable(handle);
  }
}

/** Two operations of 24 bytes: a reader, then a writer. */
const FRAME: usize = memory.data(48, 4);

/** The handle that `openFutureReader` gives the reader. */
export const FUTURE_READER: u32 = 21;
/** The handle that `openFutureWriter` gives the writer. */
export const FUTURE_WRITER: u32 = 22;

/** The reader in the frame, opened or not. Closures are not to be had. */
export function futureReader(): FutureReader<u32, FutureReadOps> {
  return changetype<FutureReader<u32, FutureReadOps>>(FRAME);
}

/** The writer in the frame, opened or not. */
export function futureWriter(): FutureWriter<u32, FutureWriteOps> {
  return changetype<FutureWriter<u32, FutureWriteOps>>(FRAME + 24);
}

/** A fresh reader of handle `FUTURE_READER`. */
export function openFutureReader(): FutureReader<u32, FutureReadOps> {
  const reader = futureReader();
  reader.open(FUTURE_READER);
  return reader;
}

/** A fresh writer of handle `FUTURE_WRITER`. */
export function openFutureWriter(): FutureWriter<u32, FutureWriteOps> {
  const writer = futureWriter();
  writer.open(FUTURE_WRITER);
  return writer;
}

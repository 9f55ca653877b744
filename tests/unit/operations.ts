/**
 * A reader and a writer of `u32` in a static frame, as generated bindings lay
 * them out, for the specs of this folder.
 */
import { StreamReader, StreamWriter } from "../../assembly";


@external("[export]spec:ends/i", "[async-lower][stream-read-0]f")
declare function streamRead(handle: u32, ptr: usize, length: u32): u32;


@external("[export]spec:ends/i", "[stream-cancel-read-0]f")
declare function streamCancelRead(handle: u32): u32;


@external("[export]spec:ends/i", "[stream-drop-readable-0]f")
declare function streamDropReadable(handle: u32): void;


@external("[export]spec:ends/i", "[async-lower][stream-write-1]f")
declare function streamWrite(handle: u32, ptr: usize, length: u32): u32;


@external("[export]spec:ends/i", "[stream-cancel-write-1]f")
declare function streamCancelWrite(handle: u32): u32;


@external("[export]spec:ends/i", "[stream-drop-writable-1]f")
declare function streamDropWritable(handle: u32): void;


@unmanaged
export class ReadOps {

  @inline read(handle: u32, ptr: usize, length: u32): u32 {
    return streamRead(handle, ptr, length);
  }


  @inline cancelRead(handle: u32): u32 {
    return streamCancelRead(handle);
  }


  @inline dropReadable(handle: u32): void {
    streamDropReadable(handle);
  }
}


@unmanaged
export class WriteOps {

  @inline write(handle: u32, ptr: usize, length: u32): u32 {
    return streamWrite(handle, ptr, length);
  }


  @inline cancelWrite(handle: u32): u32 {
    return streamCancelWrite(handle);
  }


  @inline dropWritable(handle: u32): void {
    streamDropWritable(handle);
  }
}

/** Two operations of 24 bytes: a reader, then a writer. */
const FRAME: usize = memory.data(48, 4);

/** The handle that `openReader` gives the reader. */
export const READER: u32 = 11;
/** The handle that `openWriter` gives the writer. */
export const WRITER: u32 = 12;

/**
 * A fresh reader of handle `READER`; the host's log then holds waitable-set.new
 * (the first time) and waitable.join.
 */
export function openReader(): StreamReader<u32, ReadOps> {
  const reader = changetype<StreamReader<u32, ReadOps>>(FRAME);
  reader.open(READER);
  return reader;
}

/** A fresh writer of handle `WRITER`. */
export function openWriter(): StreamWriter<u32, WriteOps> {
  const writer = changetype<StreamWriter<u32, WriteOps>>(FRAME + 24);
  writer.open(WRITER);
  return writer;
}

/** Address of the reader, opened or not. */
export function frameReader(): usize {
  return FRAME;
}

/** Address of the writer, opened or not. */
export function frameWriter(): usize {
  return FRAME + 24;
}

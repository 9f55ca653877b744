/**
 * `stream<f64>` with both ends in the guest.
 *
 * Written by `npm run pairs`: change the generator of bindings, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { END_PLACES, Handle, StreamReader, StreamWriter, freeEnd } from "as-rill/assembly/bindings";

/** Places of the readable ends of `stream<f64>` that are open. */
@lazy
const StreamF64_READERS: usize = memory.data(END_PLACES * 32, 8);

/** Places of the writable ends of `stream<f64>` that are open. */
@lazy
const StreamF64_WRITERS: usize = memory.data(END_PLACES * 32, 8);

@external("as-rill:pairs/types", "[async-lower][stream-read-0]stream-f64")
declare function read_StreamF64(handle: u32, ptr: usize, length: u32): u32;

@external("as-rill:pairs/types", "[stream-cancel-read-0]stream-f64")
declare function cancelRead_StreamF64(handle: u32): u32;

@external("as-rill:pairs/types", "[stream-drop-readable-0]stream-f64")
declare function dropReadable_StreamF64(handle: u32): void;

/** The canonical built-ins of `stream<f64>` in a value. */
@unmanaged
class StreamF64_readable {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_StreamF64(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_StreamF64(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_StreamF64(handle);
  }
  carries_stream_f64: bool;
}

@external("as-rill:pairs/types", "[stream-new-0]stream-f64")
declare function new__StreamF64(): u64;

@external("as-rill:pairs/types", "[async-lower][stream-write-0]stream-f64")
declare function write_StreamF64(handle: u32, ptr: usize, length: u32): u32;

@external("as-rill:pairs/types", "[stream-cancel-write-0]stream-f64")
declare function cancelWrite_StreamF64(handle: u32): u32;

@external("as-rill:pairs/types", "[stream-drop-writable-0]stream-f64")
declare function dropWritable_StreamF64(handle: u32): void;

/** The canonical built-ins of `stream<f64>` in a value. */
@unmanaged
class StreamF64_writable {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_StreamF64(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_StreamF64(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_StreamF64(handle);
  }
}

/** The reader of a `StreamF64` that is open. */
export type StreamF64Reader = StreamReader<f64, StreamF64_readable>;

/** The writable end that is made with a `StreamF64`. */
export type StreamF64Writer = StreamWriter<f64, StreamF64_writable>;

/** WIT: `stream<f64>`, in a value: the handle of its readable end, the guest's to open, to pass on or to drop, once. */
@unmanaged
export class StreamF64 extends Handle {
  /** Opens the end in a free place. @returns its reader, open until its `drop`. Traps: no place is free */
  open(): StreamF64Reader {
    // SAFETY: a place has room for an operation of this type and its slot.
    const reader_end = changetype<StreamF64Reader>(freeEnd(StreamF64_READERS, 32));
    reader_end.open(changetype<u32>(this));
    return reader_end;
  }
  /** Makes a stream. @returns its writable end, open until its `drop`; `readable` gives the other. Traps: no place is free */
  static create(): StreamF64Writer {
    const writer_place = freeEnd(StreamF64_WRITERS, 32);
    const both_ends = new__StreamF64();
    // SAFETY: in front of a place's operation there is room for the readable end.
    store<u32>(writer_place - 4, u32(both_ends));
    const writer_end = changetype<StreamF64Writer>(writer_place);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /** The readable end of a stream that `create` made: to be put into a value, or passed, once. */
  @inline
  static readable(writer: StreamF64Writer): StreamF64 {
    // SAFETY: `create` left it there.
    return changetype<StreamF64>(<usize>load<u32>(changetype<usize>(writer) - 4));
  }
  /** A readable end that came, to be handed on inside of a value: it is done for the guest. Traps: as its `handOn` */
  static of<E_0>(end: E_0): StreamF64 {
    if (!isDefined(end.isMade)) {
      if (!isDefined(end.operations.carries_stream_f64)) {
        ERROR("as-rill: the end is a stream<f64>");
      }
      // SAFETY: the object's address is the handle.
      return changetype<StreamF64>(<usize>end.handOn());
    }
    return unreachable();
  }
  /** Gives the end up for a call or an answer that takes it over: bindings call it. @returns its handle */
  @inline
  handOn(): u32 {
    // SAFETY: the object's address is the handle.
    return changetype<u32>(this);
  }
  /** The built-ins of the end. */
  get operations(): StreamF64_readable {
    // SAFETY: the class has no state.
    return changetype<StreamF64_readable>(0);
  }
  /** Drops the end, unread. Traps: it was opened, passed on or dropped before. Spec: canon {stream,future}.drop-readable */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    dropReadable_StreamF64(changetype<u32>(this));
  }
}

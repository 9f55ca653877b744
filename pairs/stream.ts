/**
 * `stream` with both ends in the guest.
 *
 * Written by `npm run pairs`: change the generator of bindings, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { END_PLACES, Handle, StreamReader, StreamWriter, Unit, freeEnd } from "as-rill/assembly/bindings";

/** Places of the readable ends of `stream` that are open. */
@lazy
const Stream_READERS: usize = memory.data(END_PLACES * 24, 8);

/** Places of the writable ends of `stream` that are open. */
@lazy
const Stream_WRITERS: usize = memory.data(END_PLACES * 24, 8);

@external("as-rill:pairs/types", "[async-lower][stream-read-0]stream")
declare function read_Stream(handle: u32, ptr: usize, length: u32): u32;

@external("as-rill:pairs/types", "[stream-cancel-read-0]stream")
declare function cancelRead_Stream(handle: u32): u32;

@external("as-rill:pairs/types", "[stream-drop-readable-0]stream")
declare function dropReadable_Stream(handle: u32): void;

/** The canonical built-ins of `stream` in a value. */
@unmanaged
class Stream_readable {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_Stream(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_Stream(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_Stream(handle);
  }
  carries_stream: bool;
}

@external("as-rill:pairs/types", "[stream-new-0]stream")
declare function new__Stream(): u64;

@external("as-rill:pairs/types", "[async-lower][stream-write-0]stream")
declare function write_Stream(handle: u32, ptr: usize, length: u32): u32;

@external("as-rill:pairs/types", "[stream-cancel-write-0]stream")
declare function cancelWrite_Stream(handle: u32): u32;

@external("as-rill:pairs/types", "[stream-drop-writable-0]stream")
declare function dropWritable_Stream(handle: u32): void;

/** The canonical built-ins of `stream` in a value. */
@unmanaged
class Stream_writable {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_Stream(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_Stream(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_Stream(handle);
  }
}

/** The reader of a `Stream` that is open. */
export type StreamReader_ = StreamReader<Unit, Stream_readable>;

/** The writable end that is made with a `Stream`. */
export type StreamWriter_ = StreamWriter<Unit, Stream_writable>;

/** WIT: `stream`, in a value: the handle of its readable end, the guest's to open, to pass on or to drop, once. */
@unmanaged
export class Stream extends Handle {
  /** Opens the end in a free place. @returns its reader, open until its `drop`. Traps: no place is free */
  open(): StreamReader_ {
    // SAFETY: a place has room for an operation of this type and its slot.
    const reader_end = changetype<StreamReader_>(freeEnd(Stream_READERS, 24));
    reader_end.open(changetype<u32>(this));
    return reader_end;
  }
  /** Makes a stream. @returns its writable end, open until its `drop`; `readable` gives the other. Traps: no place is free */
  static create(): StreamWriter_ {
    const writer_place = freeEnd(Stream_WRITERS, 24);
    const both_ends = new__Stream();
    // SAFETY: in front of a place's operation there is room for the readable end.
    store<u32>(writer_place - 4, u32(both_ends));
    const writer_end = changetype<StreamWriter_>(writer_place);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /** The readable end of a stream that `create` made: to be put into a value, or passed, once. */
  @inline
  static readable(writer: StreamWriter_): Stream {
    // SAFETY: `create` left it there.
    return changetype<Stream>(<usize>load<u32>(changetype<usize>(writer) - 4));
  }
  /** A readable end that came, to be handed on inside of a value: it is done for the guest. Traps: as its `handOn` */
  static of<E_0>(end: E_0): Stream {
    if (!isDefined(end.isMade)) {
      if (!isDefined(end.operations.carries_stream)) {
        ERROR("as-rill: the end is a stream");
      }
      // SAFETY: the object's address is the handle.
      return changetype<Stream>(<usize>end.handOn());
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
  get operations(): Stream_readable {
    // SAFETY: the class has no state.
    return changetype<Stream_readable>(0);
  }
  /** Drops the end, unread. Traps: it was opened, passed on or dropped before. Spec: canon {stream,future}.drop-readable */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    dropReadable_Stream(changetype<u32>(this));
  }
}

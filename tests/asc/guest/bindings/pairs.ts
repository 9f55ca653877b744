/**
 * Streams and futures with both ends in the guest: of numbers, or without element type.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  END_PLACES,
  FutureReader,
  FutureWriter,
  Handle,
  StreamReader,
  StreamWriter,
  Unit,
  freeEnd,
} from "as-rill/assembly/bindings";

/** Places of the readable ends of `stream<u32>` that are open. */
@lazy
const StreamU32_READERS: usize = memory.data(END_PLACES * 32, 8);

/** Places of the writable ends of `stream<u32>` that are open. */
@lazy
const StreamU32_WRITERS: usize = memory.data(END_PLACES * 32, 8);

@external("[export]test:library/made", "[async-lower][stream-read-0]numbers")
declare function read_StreamU32(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:library/made", "[stream-cancel-read-0]numbers")
declare function cancelRead_StreamU32(handle: u32): u32;

@external("[export]test:library/made", "[stream-drop-readable-0]numbers")
declare function dropReadable_StreamU32(handle: u32): void;

/** The canonical built-ins of `stream<u32>` in a value. */
@unmanaged
class StreamU32_readable {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_StreamU32(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_StreamU32(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_StreamU32(handle);
  }
  carries_stream_u32: bool;
}

@external("[export]test:library/made", "[stream-new-0]numbers")
declare function new__StreamU32(): u64;

@external("[export]test:library/made", "[async-lower][stream-write-0]numbers")
declare function write_StreamU32(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:library/made", "[stream-cancel-write-0]numbers")
declare function cancelWrite_StreamU32(handle: u32): u32;

@external("[export]test:library/made", "[stream-drop-writable-0]numbers")
declare function dropWritable_StreamU32(handle: u32): void;

/** The canonical built-ins of `stream<u32>` in a value. */
@unmanaged
class StreamU32_writable {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_StreamU32(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_StreamU32(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_StreamU32(handle);
  }
}

/** The reader of a `StreamU32` that is open. */
export type StreamU32Reader = StreamReader<u32, StreamU32_readable>;

/** The writable end that is made with a `StreamU32`. */
export type StreamU32Writer = StreamWriter<u32, StreamU32_writable>;

/** WIT: `stream<u32>`, in a value: the handle of its readable end, the guest's to open, to pass on or to drop, once. */
@unmanaged
export class StreamU32 extends Handle {
  /** Opens the end in a free place. @returns its reader, open until its `drop`. Traps: no place is free */
  open(): StreamU32Reader {
    // SAFETY: a place has room for an operation of this type and its slot.
    const reader_end = changetype<StreamU32Reader>(freeEnd(StreamU32_READERS, 32));
    reader_end.open(changetype<u32>(this));
    return reader_end;
  }
  /** Makes a stream. @returns its writable end, open until its `drop`; `readable` gives the other. Traps: no place is free */
  static create(): StreamU32Writer {
    const writer_place = freeEnd(StreamU32_WRITERS, 32);
    const both_ends = new__StreamU32();
    // SAFETY: in front of a place's operation there is room for the readable end.
    store<u32>(writer_place - 4, u32(both_ends));
    const writer_end = changetype<StreamU32Writer>(writer_place);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /** The readable end of a stream that `create` made: to be put into a value, or passed, once. */
  @inline
  static readable(writer: StreamU32Writer): StreamU32 {
    // SAFETY: `create` left it there.
    return changetype<StreamU32>(<usize>load<u32>(changetype<usize>(writer) - 4));
  }
  /** A readable end that came, to be handed on inside of a value: it is done for the guest. Traps: as its `handOn` */
  static of<E_0>(end: E_0): StreamU32 {
    if (!isDefined(end.isMade)) {
      if (!isDefined(end.operations.carries_stream_u32)) {
        ERROR("as-rill: the end is a stream<u32>");
      }
      // SAFETY: the object's address is the handle.
      return changetype<StreamU32>(<usize>end.handOn());
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
  get operations(): StreamU32_readable {
    // SAFETY: the class has no state.
    return changetype<StreamU32_readable>(0);
  }
  /** Drops the end, unread. Traps: it was opened, passed on or dropped before. Spec: canon {stream,future}.drop-readable */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    dropReadable_StreamU32(changetype<u32>(this));
  }
}

/** Places of the readable ends of `future<u32>` that are open. */
@lazy
const FutureU32_READERS: usize = memory.data(END_PLACES * 32, 8);

/** Places of the writable ends of `future<u32>` that are open. */
@lazy
const FutureU32_WRITERS: usize = memory.data(END_PLACES * 32, 8);

@external("[export]test:library/made", "[async-lower][future-read-0]number")
declare function read_FutureU32(handle: u32, ptr: usize): u32;

@external("[export]test:library/made", "[future-cancel-read-0]number")
declare function cancelRead_FutureU32(handle: u32): u32;

@external("[export]test:library/made", "[future-drop-readable-0]number")
declare function dropReadable_FutureU32(handle: u32): void;

/** The canonical built-ins of `future<u32>` in a value. */
@unmanaged
class FutureU32_readable {
  @inline
  read(handle: u32, ptr: usize): u32 {
    return read_FutureU32(handle, ptr);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_FutureU32(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_FutureU32(handle);
  }
  carries_future_u32: bool;
}

@external("[export]test:library/made", "[future-new-0]number")
declare function new__FutureU32(): u64;

@external("[export]test:library/made", "[async-lower][future-write-0]number")
declare function write_FutureU32(handle: u32, ptr: usize): u32;

@external("[export]test:library/made", "[future-cancel-write-0]number")
declare function cancelWrite_FutureU32(handle: u32): u32;

@external("[export]test:library/made", "[future-drop-writable-0]number")
declare function dropWritable_FutureU32(handle: u32): void;

/** The canonical built-ins of `future<u32>` in a value. */
@unmanaged
class FutureU32_writable {
  @inline
  write(handle: u32, ptr: usize): u32 {
    return write_FutureU32(handle, ptr);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_FutureU32(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_FutureU32(handle);
  }
}

/** The reader of a `FutureU32` that is open. */
export type FutureU32Reader = FutureReader<u32, FutureU32_readable>;

/** The writable end that is made with a `FutureU32`. */
export type FutureU32Writer = FutureWriter<u32, FutureU32_writable>;

/** WIT: `future<u32>`, in a value: the handle of its readable end, the guest's to open, to pass on or to drop, once. */
@unmanaged
export class FutureU32 extends Handle {
  /** Opens the end in a free place. @returns its reader, open until its `drop`. Traps: no place is free */
  open(): FutureU32Reader {
    // SAFETY: a place has room for an operation of this type and its slot.
    const reader_end = changetype<FutureU32Reader>(freeEnd(FutureU32_READERS, 32));
    reader_end.open(changetype<u32>(this));
    return reader_end;
  }
  /** Makes a future. @returns its writable end, open until its `drop`; `readable` gives the other. Traps: no place is free */
  static create(): FutureU32Writer {
    const writer_place = freeEnd(FutureU32_WRITERS, 32);
    const both_ends = new__FutureU32();
    // SAFETY: in front of a place's operation there is room for the readable end.
    store<u32>(writer_place - 4, u32(both_ends));
    const writer_end = changetype<FutureU32Writer>(writer_place);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /** The readable end of a future that `create` made: to be put into a value, or passed, once. */
  @inline
  static readable(writer: FutureU32Writer): FutureU32 {
    // SAFETY: `create` left it there.
    return changetype<FutureU32>(<usize>load<u32>(changetype<usize>(writer) - 4));
  }
  /** A readable end that came, to be handed on inside of a value: it is done for the guest. Traps: as its `handOn` */
  static of<E_0>(end: E_0): FutureU32 {
    if (!isDefined(end.isMade)) {
      if (!isDefined(end.operations.carries_future_u32)) {
        ERROR("as-rill: the end is a future<u32>");
      }
      // SAFETY: the object's address is the handle.
      return changetype<FutureU32>(<usize>end.handOn());
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
  get operations(): FutureU32_readable {
    // SAFETY: the class has no state.
    return changetype<FutureU32_readable>(0);
  }
  /** Drops the end, unread. Traps: it was opened, passed on or dropped before. Spec: canon {stream,future}.drop-readable */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    dropReadable_FutureU32(changetype<u32>(this));
  }
}

/** Places of the readable ends of `stream` that are open. */
@lazy
const Stream_READERS: usize = memory.data(END_PLACES * 24, 8);

/** Places of the writable ends of `stream` that are open. */
@lazy
const Stream_WRITERS: usize = memory.data(END_PLACES * 24, 8);

@external("[export]test:library/made", "[async-lower][stream-read-0]ticks")
declare function read_Stream(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:library/made", "[stream-cancel-read-0]ticks")
declare function cancelRead_Stream(handle: u32): u32;

@external("[export]test:library/made", "[stream-drop-readable-0]ticks")
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

@external("[export]test:library/made", "[stream-new-0]ticks")
declare function new__Stream(): u64;

@external("[export]test:library/made", "[async-lower][stream-write-0]ticks")
declare function write_Stream(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:library/made", "[stream-cancel-write-0]ticks")
declare function cancelWrite_Stream(handle: u32): u32;

@external("[export]test:library/made", "[stream-drop-writable-0]ticks")
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

/** Places of the readable ends of `stream<u8>` that are open. */
@lazy
const StreamU8_READERS: usize = memory.data(END_PLACES * 32, 8);

/** Places of the writable ends of `stream<u8>` that are open. */
@lazy
const StreamU8_WRITERS: usize = memory.data(END_PLACES * 32, 8);

@external("test:library/given", "[async-lower][stream-read-0]feed")
declare function read_StreamU8(handle: u32, ptr: usize, length: u32): u32;

@external("test:library/given", "[stream-cancel-read-0]feed")
declare function cancelRead_StreamU8(handle: u32): u32;

@external("test:library/given", "[stream-drop-readable-0]feed")
declare function dropReadable_StreamU8(handle: u32): void;

/** The canonical built-ins of `stream<u8>` in a value. */
@unmanaged
class StreamU8_readable {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_StreamU8(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_StreamU8(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_StreamU8(handle);
  }
  carries_stream_u8: bool;
}

@external("test:library/given", "[stream-new-0]feed")
declare function new__StreamU8(): u64;

@external("test:library/given", "[async-lower][stream-write-0]feed")
declare function write_StreamU8(handle: u32, ptr: usize, length: u32): u32;

@external("test:library/given", "[stream-cancel-write-0]feed")
declare function cancelWrite_StreamU8(handle: u32): u32;

@external("test:library/given", "[stream-drop-writable-0]feed")
declare function dropWritable_StreamU8(handle: u32): void;

/** The canonical built-ins of `stream<u8>` in a value. */
@unmanaged
class StreamU8_writable {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_StreamU8(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_StreamU8(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_StreamU8(handle);
  }
}

/** The reader of a `StreamU8` that is open. */
export type StreamU8Reader = StreamReader<u8, StreamU8_readable>;

/** The writable end that is made with a `StreamU8`. */
export type StreamU8Writer = StreamWriter<u8, StreamU8_writable>;

/** WIT: `stream<u8>`, in a value: the handle of its readable end, the guest's to open, to pass on or to drop, once. */
@unmanaged
export class StreamU8 extends Handle {
  /** Opens the end in a free place. @returns its reader, open until its `drop`. Traps: no place is free */
  open(): StreamU8Reader {
    // SAFETY: a place has room for an operation of this type and its slot.
    const reader_end = changetype<StreamU8Reader>(freeEnd(StreamU8_READERS, 32));
    reader_end.open(changetype<u32>(this));
    return reader_end;
  }
  /** Makes a stream. @returns its writable end, open until its `drop`; `readable` gives the other. Traps: no place is free */
  static create(): StreamU8Writer {
    const writer_place = freeEnd(StreamU8_WRITERS, 32);
    const both_ends = new__StreamU8();
    // SAFETY: in front of a place's operation there is room for the readable end.
    store<u32>(writer_place - 4, u32(both_ends));
    const writer_end = changetype<StreamU8Writer>(writer_place);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /** The readable end of a stream that `create` made: to be put into a value, or passed, once. */
  @inline
  static readable(writer: StreamU8Writer): StreamU8 {
    // SAFETY: `create` left it there.
    return changetype<StreamU8>(<usize>load<u32>(changetype<usize>(writer) - 4));
  }
  /** A readable end that came, to be handed on inside of a value: it is done for the guest. Traps: as its `handOn` */
  static of<E_0>(end: E_0): StreamU8 {
    if (!isDefined(end.isMade)) {
      if (!isDefined(end.operations.carries_stream_u8)) {
        ERROR("as-rill: the end is a stream<u8>");
      }
      // SAFETY: the object's address is the handle.
      return changetype<StreamU8>(<usize>end.handOn());
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
  get operations(): StreamU8_readable {
    // SAFETY: the class has no state.
    return changetype<StreamU8_readable>(0);
  }
  /** Drops the end, unread. Traps: it was opened, passed on or dropped before. Spec: canon {stream,future}.drop-readable */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    dropReadable_StreamU8(changetype<u32>(this));
  }
}

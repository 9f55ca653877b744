/**
 * `future` with both ends in the guest.
 *
 * Written by `npm run pairs`: change the generator of bindings, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { END_PLACES, FutureReader, FutureWriter, Handle, Unit, freeEnd } from "as-rill/assembly/bindings";

/** Places of the readable ends of `future` that are open. */
@lazy
const Future_READERS: usize = memory.data(END_PLACES * 24, 8);

/** Places of the writable ends of `future` that are open. */
@lazy
const Future_WRITERS: usize = memory.data(END_PLACES * 24, 8);

@external("as-rill:pairs/types", "[async-lower][future-read-0]future")
declare function read_Future(handle: u32, ptr: usize): u32;

@external("as-rill:pairs/types", "[future-cancel-read-0]future")
declare function cancelRead_Future(handle: u32): u32;

@external("as-rill:pairs/types", "[future-drop-readable-0]future")
declare function dropReadable_Future(handle: u32): void;

/** The canonical built-ins of `future` in a value. */
@unmanaged
class Future_readable {
  @inline
  read(handle: u32, ptr: usize): u32 {
    return read_Future(handle, ptr);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_Future(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_Future(handle);
  }
  carries_future: bool;
}

@external("as-rill:pairs/types", "[future-new-0]future")
declare function new__Future(): u64;

@external("as-rill:pairs/types", "[async-lower][future-write-0]future")
declare function write_Future(handle: u32, ptr: usize): u32;

@external("as-rill:pairs/types", "[future-cancel-write-0]future")
declare function cancelWrite_Future(handle: u32): u32;

@external("as-rill:pairs/types", "[future-drop-writable-0]future")
declare function dropWritable_Future(handle: u32): void;

/** The canonical built-ins of `future` in a value. */
@unmanaged
class Future_writable {
  @inline
  write(handle: u32, ptr: usize): u32 {
    return write_Future(handle, ptr);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_Future(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_Future(handle);
  }
}

/** The reader of a `Future` that is open. */
export type FutureReader_ = FutureReader<Unit, Future_readable>;

/** The writable end that is made with a `Future`. */
export type FutureWriter_ = FutureWriter<Unit, Future_writable>;

/** WIT: `future`, in a value: the handle of its readable end, the guest's to open, to pass on or to drop, once. */
@unmanaged
export class Future extends Handle {
  /** Opens the end in a free place. @returns its reader, open until its `drop`. Traps: no place is free */
  open(): FutureReader_ {
    // SAFETY: a place has room for an operation of this type and its slot.
    const reader_end = changetype<FutureReader_>(freeEnd(Future_READERS, 24));
    reader_end.open(changetype<u32>(this));
    return reader_end;
  }
  /** Makes a future. @returns its writable end, open until its `drop`; `readable` gives the other. Traps: no place is free */
  static create(): FutureWriter_ {
    const writer_place = freeEnd(Future_WRITERS, 24);
    const both_ends = new__Future();
    // SAFETY: in front of a place's operation there is room for the readable end.
    store<u32>(writer_place - 4, u32(both_ends));
    const writer_end = changetype<FutureWriter_>(writer_place);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /** The readable end of a future that `create` made: to be put into a value, or passed, once. */
  @inline
  static readable(writer: FutureWriter_): Future {
    // SAFETY: `create` left it there.
    return changetype<Future>(<usize>load<u32>(changetype<usize>(writer) - 4));
  }
  /** A readable end that came, to be handed on inside of a value: it is done for the guest. Traps: as its `handOn` */
  static of<E_0>(end: E_0): Future {
    if (!isDefined(end.isMade)) {
      if (!isDefined(end.operations.carries_future)) {
        ERROR("as-rill: the end is a future");
      }
      // SAFETY: the object's address is the handle.
      return changetype<Future>(<usize>end.handOn());
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
  get operations(): Future_readable {
    // SAFETY: the class has no state.
    return changetype<Future_readable>(0);
  }
  /** Drops the end, unread. Traps: it was opened, passed on or dropped before. Spec: canon {stream,future}.drop-readable */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    dropReadable_Future(changetype<u32>(this));
  }
}

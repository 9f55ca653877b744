/**
 * `future<s8>` with both ends in the guest.
 *
 * Written by `npm run pairs`: change the generator of bindings, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { END_PLACES, FutureReader, FutureWriter, Handle, freeEnd } from "as-rill/assembly/bindings";

/** Places of the readable ends of `future<s8>` that are open. */
@lazy
const FutureI8_READERS: usize = memory.data(END_PLACES * 32, 8);

/** Places of the writable ends of `future<s8>` that are open. */
@lazy
const FutureI8_WRITERS: usize = memory.data(END_PLACES * 32, 8);

@external("as-rill:pairs/types", "[async-lower][future-read-0]future-s8")
declare function read_FutureI8(handle: u32, ptr: usize): u32;

@external("as-rill:pairs/types", "[future-cancel-read-0]future-s8")
declare function cancelRead_FutureI8(handle: u32): u32;

@external("as-rill:pairs/types", "[future-drop-readable-0]future-s8")
declare function dropReadable_FutureI8(handle: u32): void;

/** The canonical built-ins of `future<s8>` in a value. */
@unmanaged
class FutureI8_readable {
  @inline
  read(handle: u32, ptr: usize): u32 {
    return read_FutureI8(handle, ptr);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_FutureI8(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_FutureI8(handle);
  }
  carries_future_s8: bool;
}

@external("as-rill:pairs/types", "[future-new-0]future-s8")
declare function new__FutureI8(): u64;

@external("as-rill:pairs/types", "[async-lower][future-write-0]future-s8")
declare function write_FutureI8(handle: u32, ptr: usize): u32;

@external("as-rill:pairs/types", "[future-cancel-write-0]future-s8")
declare function cancelWrite_FutureI8(handle: u32): u32;

@external("as-rill:pairs/types", "[future-drop-writable-0]future-s8")
declare function dropWritable_FutureI8(handle: u32): void;

/** The canonical built-ins of `future<s8>` in a value. */
@unmanaged
class FutureI8_writable {
  @inline
  write(handle: u32, ptr: usize): u32 {
    return write_FutureI8(handle, ptr);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_FutureI8(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_FutureI8(handle);
  }
}

/** The reader of a `FutureI8` that is open. */
export type FutureI8Reader = FutureReader<i8, FutureI8_readable>;

/** The writable end that is made with a `FutureI8`. */
export type FutureI8Writer = FutureWriter<i8, FutureI8_writable>;

/** WIT: `future<s8>`, in a value: the handle of its readable end, the guest's to open, to pass on or to drop, once. */
@unmanaged
export class FutureI8 extends Handle {
  /** Opens the end in a free place. @returns its reader, open until its `drop`. Traps: no place is free */
  open(): FutureI8Reader {
    // SAFETY: a place has room for an operation of this type and its slot.
    const reader_end = changetype<FutureI8Reader>(freeEnd(FutureI8_READERS, 32));
    reader_end.open(changetype<u32>(this));
    return reader_end;
  }
  /** Makes a future. @returns its writable end, open until its `drop`; `readable` gives the other. Traps: no place is free */
  static create(): FutureI8Writer {
    const writer_place = freeEnd(FutureI8_WRITERS, 32);
    const both_ends = new__FutureI8();
    // SAFETY: in front of a place's operation there is room for the readable end.
    store<u32>(writer_place - 4, u32(both_ends));
    const writer_end = changetype<FutureI8Writer>(writer_place);
    writer_end.open(u32(both_ends >> 32));
    return writer_end;
  }
  /** The readable end of a future that `create` made: to be put into a value, or passed, once. */
  @inline
  static readable(writer: FutureI8Writer): FutureI8 {
    // SAFETY: `create` left it there.
    return changetype<FutureI8>(<usize>load<u32>(changetype<usize>(writer) - 4));
  }
  /** A readable end that came, to be handed on inside of a value: it is done for the guest. Traps: as its `handOn` */
  static of<E_0>(end: E_0): FutureI8 {
    if (!isDefined(end.isMade)) {
      if (!isDefined(end.operations.carries_future_s8)) {
        ERROR("as-rill: the end is a future<s8>");
      }
      // SAFETY: the object's address is the handle.
      return changetype<FutureI8>(<usize>end.handOn());
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
  get operations(): FutureI8_readable {
    // SAFETY: the class has no state.
    return changetype<FutureI8_readable>(0);
  }
  /** Drops the end, unread. Traps: it was opened, passed on or dropped before. Spec: canon {stream,future}.drop-readable */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    dropReadable_FutureI8(changetype<u32>(this));
  }
}

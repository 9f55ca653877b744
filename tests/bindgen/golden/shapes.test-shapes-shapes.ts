/**
 * Bindings of `test:shapes/shapes`: Every kind of element type that a slot can hold.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  StreamReader,
  StreamWriter,
  isCancelled as is_cancelled,
  noteAnswered as note_answered,
  endCancelled as end_cancelled,
  Made as Made_End,
  made as made_end,
} from "as-rill/assembly/bindings";

/** WIT: `enum suit`. */
export type Suit = u8;
/** The values of `Suit`. */
export namespace suit {
  export const clubs: Suit = 0;
  export const diamonds: Suit = 1;
  export const hearts: Suit = 2;
  export const spades: Suit = 3;
}

/** WIT: `flags access`. */
export type Access = u16;
/** The values of `Access`. */
export namespace access {
  export const read: Access = 1 << 0;
  export const write: Access = 1 << 1;
  export const execute: Access = 1 << 2;
  export const append: Access = 1 << 3;
  export const truncate: Access = 1 << 4;
  export const create: Access = 1 << 5;
  export const exclusive: Access = 1 << 6;
  export const lock: Access = 1 << 7;
  export const share: Access = 1 << 8;
}

/** WIT: `record point`: 4 bytes, aligned to 2. A view of memory that holds one. */
@unmanaged
export class Point {
  /** At offset 0. */
  x: i16;
  /** At offset 2. */
  y: i16;
}

/** WIT: `option<u16>`: 4 bytes, aligned to 2. A view of memory that holds one. */
@unmanaged
export class OptionU16 {
  /** The tag of case `none`. */
  static readonly none: u8 = 0;
  /** The tag of case `some`. */
  static readonly some: u8 = 1;
  /** Which case it is. */
  tag: u8;
  private gap_1: u8;
  private payload_2: u16;
  /** The payload of case `some`, at offset 2. */
  @inline
  get some(): u16 {
    // SAFETY: the payload lies inside this value, at its canonical offset.
    return load<u16>(changetype<usize>(this), 2);
  }
  @inline
  set some(payload: u16) {
    // SAFETY: as in the getter.
    store<u16>(changetype<usize>(this), payload, 2);
  }
}

/** WIT: `result<u32, s8>`: 8 bytes, aligned to 4. A view of memory that holds one. */
@unmanaged
export class ResultU32I8 {
  /** The tag of case `ok`. */
  static readonly ok: u8 = 0;
  /** The tag of case `error`. */
  static readonly error: u8 = 1;
  /** Which case it is. */
  tag: u8;
  private gap_1: u8;
  private gap_2: u16;
  private payload_4: u32;
  /** The payload of case `ok`, at offset 4. */
  @inline
  get ok(): u32 {
    // SAFETY: the payload lies inside this value, at its canonical offset.
    return load<u32>(changetype<usize>(this), 4);
  }
  @inline
  set ok(payload: u32) {
    // SAFETY: as in the getter.
    store<u32>(changetype<usize>(this), payload, 4);
  }
  /** The payload of case `error`, at offset 4. */
  @inline
  get error(): i8 {
    // SAFETY: the payload lies inside this value, at its canonical offset.
    return load<i8>(changetype<usize>(this), 4);
  }
  @inline
  set error(payload: i8) {
    // SAFETY: as in the getter.
    store<i8>(changetype<usize>(this), payload, 4);
  }
}

/** WIT: `variant shape`: 8 bytes, aligned to 4. A view of memory that holds one. */
@unmanaged
export class Shape {
  /** The tag of case `nothing`. */
  static readonly nothing: u8 = 0;
  /** The tag of case `circle`. */
  static readonly circle: u8 = 1;
  /** The tag of case `square`. */
  static readonly square: u8 = 2;
  /** The tag of case `segment`. */
  static readonly segment: u8 = 3;
  /** Which case it is. */
  tag: u8;
  private gap_1: u8;
  private gap_2: u16;
  private payload_4: u32;
  /** The payload of case `circle`, at offset 4. */
  @inline
  get circle(): f32 {
    // SAFETY: the payload lies inside this value, at its canonical offset.
    return load<f32>(changetype<usize>(this), 4);
  }
  @inline
  set circle(payload: f32) {
    // SAFETY: as in the getter.
    store<f32>(changetype<usize>(this), payload, 4);
  }
  /** The payload of case `square`, at offset 4. */
  @inline
  get square(): u8 {
    // SAFETY: the payload lies inside this value, at its canonical offset.
    return load<u8>(changetype<usize>(this), 4);
  }
  @inline
  set square(payload: u8) {
    // SAFETY: as in the getter.
    store<u8>(changetype<usize>(this), payload, 4);
  }
  /** The payload of case `segment`, at offset 4. */
  @inline
  get segment(): Point {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Point>(changetype<usize>(this) + 4);
  }
}

/** WIT: `tuple<u8, s64>`: 16 bytes, aligned to 8. A view of memory that holds one. */
@unmanaged
export class TupleU8I64 {
  /** At offset 0. */
  item0: u8;
  /** At offset 8. */
  item1: i64;
}

/**
 * Fields of every width, in an order that needs padding.
 *
 * WIT: `record all`: 88 bytes, aligned to 8. A view of memory that holds one.
 */
@unmanaged
export class All {
  /** At offset 0. */
  yes: bool;
  /** At offset 8. */
  wide: u64;
  /** At offset 16. */
  narrow: u8;
  /** At offset 24. */
  ratio: f64;
  /** At offset 32. */
  letter: u32;
  /** At offset 36. */
  suit: Suit;
  /** At offset 38. */
  access: Access;
  private corner_at_40: u32;
  /** At offset 40. */
  @inline
  get corner(): Point {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Point>(changetype<usize>(this) + 40);
  }
  private count_at_44: u32;
  /** At offset 44. */
  @inline
  get count(): OptionU16 {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<OptionU16>(changetype<usize>(this) + 44);
  }
  private outcome_at_48: u64;
  /** At offset 48. */
  @inline
  get outcome(): ResultU32I8 {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<ResultU32I8>(changetype<usize>(this) + 48);
  }
  private shape_at_56: u64;
  /** At offset 56. */
  @inline
  get shape(): Shape {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Shape>(changetype<usize>(this) + 56);
  }
  private pair_at_64: u64;
  private pair_at_72: u64;
  /** At offset 64. */
  @inline
  get pair(): TupleU8I64 {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<TupleU8I64>(changetype<usize>(this) + 64);
  }
  /** At offset 80. */
  last: i8;
  private tail_81: u8;
  private tail_82: u16;
  private tail_84: u32;
}

@external("[export]test:shapes/shapes", "[async-lower][stream-read-0]copy-fields")
declare function read_stream0_CopyFields(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:shapes/shapes", "[stream-cancel-read-0]copy-fields")
declare function cancelRead_stream0_CopyFields(handle: u32): u32;

@external("[export]test:shapes/shapes", "[stream-drop-readable-0]copy-fields")
declare function dropReadable_stream0_CopyFields(handle: u32): void;

/** The canonical built-ins of stream 0 of `copy-fields`. */
@unmanaged
class CopyFields_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_CopyFields(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_CopyFields(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_CopyFields(handle);
  }
  carries_stream_d360443cab4f: bool;
}

@external("[export]test:shapes/shapes", "[task-return]copy-fields")
declare function taskReturn_CopyFields(result: u32): void;

@external("[export]test:shapes/shapes", "[stream-new-1]copy-fields")
declare function new__stream1_CopyFields(): u64;

@external("[export]test:shapes/shapes", "[async-lower][stream-write-1]copy-fields")
declare function write_stream1_CopyFields(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:shapes/shapes", "[stream-cancel-write-1]copy-fields")
declare function cancelWrite_stream1_CopyFields(handle: u32): u32;

@external("[export]test:shapes/shapes", "[stream-drop-writable-1]copy-fields")
declare function dropWritable_stream1_CopyFields(handle: u32): void;

/** The canonical built-ins of stream 1 of `copy-fields`. */
@unmanaged
class CopyFields_stream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream1_CopyFields(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream1_CopyFields(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream1_CopyFields(handle);
  }
}

/**
 * The static frame of a `copy-fields` task, 224 bytes:
 *
 *       4  operation of `items`: 20 + slot 88
 *     116  operation of the result: 20 + slot 88
 */
const COPY_FIELDS_FRAME: usize = memory.data(224, 8);

/**
 * Answers every item with one whose fields were copied one by one.
 *
 * `copy-fields: async func(items: stream<all>) -> stream<all>`.
 */
export namespace copyFields {
  /** One call of `copy-fields`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `items`: the readable end of a stream. */
    @inline
    get items(): StreamReader<All, CopyFields_stream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<All, CopyFields_stream0>>(COPY_FIELDS_FRAME + 4);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<All, CopyFields_stream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<All, CopyFields_stream1>>(COPY_FIELDS_FRAME + 116);
    }
    /** Answers the call with a new stream, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): StreamWriter<All, CopyFields_stream1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_stream_d360443cab4f)) {
          ERROR("as-rill: the result is a stream<all>");
        }
        taskReturn_CopyFields(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__stream1_CopyFields();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_CopyFields(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(items: u32): void {
      this.items.open(items);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.items.close();
      this.output.close();
      end_cancelled();
    }
  }
}

@external("[export]test:shapes/shapes", "[async-lower][stream-read-0]next-suit")
declare function read_stream0_NextSuit(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:shapes/shapes", "[stream-cancel-read-0]next-suit")
declare function cancelRead_stream0_NextSuit(handle: u32): u32;

@external("[export]test:shapes/shapes", "[stream-drop-readable-0]next-suit")
declare function dropReadable_stream0_NextSuit(handle: u32): void;

/** The canonical built-ins of stream 0 of `next-suit`. */
@unmanaged
class NextSuit_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_NextSuit(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_NextSuit(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_NextSuit(handle);
  }
  carries_stream_a929faf5de5a: bool;
}

@external("[export]test:shapes/shapes", "[task-return]next-suit")
declare function taskReturn_NextSuit(result: u32): void;

@external("[export]test:shapes/shapes", "[stream-new-1]next-suit")
declare function new__stream1_NextSuit(): u64;

@external("[export]test:shapes/shapes", "[async-lower][stream-write-1]next-suit")
declare function write_stream1_NextSuit(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:shapes/shapes", "[stream-cancel-write-1]next-suit")
declare function cancelWrite_stream1_NextSuit(handle: u32): u32;

@external("[export]test:shapes/shapes", "[stream-drop-writable-1]next-suit")
declare function dropWritable_stream1_NextSuit(handle: u32): void;

/** The canonical built-ins of stream 1 of `next-suit`. */
@unmanaged
class NextSuit_stream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream1_NextSuit(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream1_NextSuit(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream1_NextSuit(handle);
  }
}

/**
 * The static frame of a `next-suit` task, 45 bytes:
 *
 *       0  operation of `suits`: 20 + slot 1
 *      24  operation of the result: 20 + slot 1
 */
const NEXT_SUIT_FRAME: usize = memory.data(45, 4);

/**
 * The next suit, round and round.
 *
 * `next-suit: async func(suits: stream<suit>) -> stream<suit>`.
 */
export namespace nextSuit {
  /** One call of `next-suit`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `suits`: the readable end of a stream. */
    @inline
    get suits(): StreamReader<Suit, NextSuit_stream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<Suit, NextSuit_stream0>>(NEXT_SUIT_FRAME);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<Suit, NextSuit_stream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<Suit, NextSuit_stream1>>(NEXT_SUIT_FRAME + 24);
    }
    /** Answers the call with a new stream, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): StreamWriter<Suit, NextSuit_stream1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_stream_a929faf5de5a)) {
          ERROR("as-rill: the result is a stream<suit>");
        }
        taskReturn_NextSuit(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__stream1_NextSuit();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_NextSuit(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(suits: u32): void {
      this.suits.open(suits);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.suits.close();
      this.output.close();
      end_cancelled();
    }
  }
}

@external("[export]test:shapes/shapes", "[async-lower][stream-read-0]lower")
declare function read_stream0_Lower(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:shapes/shapes", "[stream-cancel-read-0]lower")
declare function cancelRead_stream0_Lower(handle: u32): u32;

@external("[export]test:shapes/shapes", "[stream-drop-readable-0]lower")
declare function dropReadable_stream0_Lower(handle: u32): void;

/** The canonical built-ins of stream 0 of `lower`. */
@unmanaged
class Lower_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_Lower(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_Lower(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_Lower(handle);
  }
  carries_stream_u32: bool;
}

@external("[export]test:shapes/shapes", "[task-return]lower")
declare function taskReturn_Lower(result: u32): void;

@external("[export]test:shapes/shapes", "[stream-new-1]lower")
declare function new__stream1_Lower(): u64;

@external("[export]test:shapes/shapes", "[async-lower][stream-write-1]lower")
declare function write_stream1_Lower(handle: u32, ptr: usize, length: u32): u32;

@external("[export]test:shapes/shapes", "[stream-cancel-write-1]lower")
declare function cancelWrite_stream1_Lower(handle: u32): u32;

@external("[export]test:shapes/shapes", "[stream-drop-writable-1]lower")
declare function dropWritable_stream1_Lower(handle: u32): void;

/** The canonical built-ins of stream 1 of `lower`. */
@unmanaged
class Lower_stream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream1_Lower(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream1_Lower(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream1_Lower(handle);
  }
}

/**
 * The static frame of a `lower` task, 49 bytes:
 *
 *       0  operation of `codes`: 20 + slot 4
 *      24  `limit`: 4
 *      28  operation of the result: 20 + slot 1
 */
const LOWER_FRAME: usize = memory.data(49, 4);

/**
 * Which code points come before the letter given.
 *
 * `lower: async func(codes: stream<u32>, limit: char) -> stream<bool>`.
 */
export namespace lower {
  /** One call of `lower`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `codes`: the readable end of a stream. */
    @inline
    get codes(): StreamReader<u32, Lower_stream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<u32, Lower_stream0>>(LOWER_FRAME);
    }
    /** Parameter `limit`. */
    @inline
    get limit(): u32 {
      // SAFETY: `enter` stored it there.
      return load<u32>(LOWER_FRAME + 24);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<bool, Lower_stream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<bool, Lower_stream1>>(LOWER_FRAME + 28);
    }
    /** Answers the call with a new stream, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): StreamWriter<bool, Lower_stream1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_stream_bool)) {
          ERROR("as-rill: the result is a stream<bool>");
        }
        taskReturn_Lower(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__stream1_Lower();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_Lower(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(codes: u32, limit: i32): void {
      this.codes.open(codes);
      // SAFETY: the value lies in the static frame, at the place that its layout above says.
      store<u32>(LOWER_FRAME + 24, <u32>limit);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.codes.close();
      this.output.close();
      end_cancelled();
    }
  }
}

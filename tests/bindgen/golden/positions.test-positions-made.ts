/**
 * Bindings of `test:positions/made`.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
import { ensureWaitableSet } from "as-rill/assembly";

/** WIT: `record point`: 4 bytes, aligned to 2. A view of memory that holds one. */
@unmanaged
export class Point {
  /** At offset 0. */
  x: i16;
  /** At offset 2. */
  y: i16;
}

/** WIT: `variant number`: 16 bytes, aligned to 8. A view of memory that holds one. */
@unmanaged
export class Number {
  /** Which case it is, by its place: 0 int, 1 real, 2 none. */
  tag: u8;
  private gap1: u8;
  private gap2: u8;
  private gap3: u8;
  private gap4: u8;
  private gap5: u8;
  private gap6: u8;
  private gap7: u8;
  private payload8: u64;
  /** The payload of case `int`, at offset 8. */
  @inline
  get int(): u64 {
    // SAFETY: the payload lies inside this value, at its canonical offset.
    return load<u64>(changetype<usize>(this), 8);
  }
  @inline
  set int(payload: u64) {
    // SAFETY: as in the getter.
    store<u64>(changetype<usize>(this), payload, 8);
  }
  /** The payload of case `real`, at offset 8. */
  @inline
  get real(): f32 {
    // SAFETY: the payload lies inside this value, at its canonical offset.
    return load<f32>(changetype<usize>(this), 8);
  }
  @inline
  set real(payload: f32) {
    // SAFETY: as in the getter.
    store<f32>(changetype<usize>(this), payload, 8);
  }
}

/** WIT: `option`: 6 bytes, aligned to 2. A view of memory that holds one. */
@unmanaged
export class OptionPoint {
  /** Which case it is, by its place: 0 none, 1 some. */
  tag: u8;
  private gap1: u8;
  private payload2: u16;
  private payload4: u16;
  /** The payload of case `some`, at offset 2. */
  @inline
  get some(): Point {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Point>(changetype<usize>(this) + 2);
  }
}

/** WIT: `tuple`: 32 bytes, aligned to 8. A view of memory that holds one. */
@unmanaged
export class TupleNumberNumber {
  private item0At0: u64;
  private item0At8: u64;
  /** At offset 0. */
  @inline
  get item0(): Number {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Number>(changetype<usize>(this) + 0);
  }
  private item1At16: u64;
  private item1At24: u64;
  /** At offset 16. */
  @inline
  get item1(): Number {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Number>(changetype<usize>(this) + 16);
  }
}

/** The result of a `find` call: 6 bytes. */
const FIND_RESULT: usize = memory.data(6, 2);

/** A place to build the result of `find: func(near: point, number: number) -> option<point>`: fill it, return it. */
@inline
export function findResult(): OptionPoint {
  // SAFETY: the constant names static memory of this type's size and alignment.
  return changetype<OptionPoint>(FIND_RESULT);
}

@external("[export]test:positions/made", "[task-return]later")
declare function taskReturnLater(result_0: i32, result_1: i64): void;

/** The result of a `later` task: 16 bytes. */
const LATER_RESULT: usize = memory.data(16, 8);

/**
 * The static frame of a `later` task, 40 bytes:
 *
 *       0  `near`: 4
 *       8  `numbers`: 32
 */
const LATER_FRAME: usize = memory.data(40, 8);

/** `later: async func(near: point, numbers: tuple<number, number>) -> number`. */
export namespace later {
  /** One call of `later`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `near`. */
    @inline
    get near(): Point {
      // SAFETY: the value lies in the static frame, at the place that its layout above says.
      return changetype<Point>(LATER_FRAME);
    }
    /** Parameter `numbers`. */
    @inline
    get numbers(): TupleNumberNumber {
      // SAFETY: the value lies in the static frame, at the place that its layout above says.
      return changetype<TupleNumberNumber>(LATER_FRAME + 8);
    }
    /** A place to build the result: fill it, `resolve` with it. */
    @inline
    get output(): Number {
      // SAFETY: the constant names static memory of this type's size and alignment.
      return changetype<Number>(LATER_RESULT);
    }
    /** Answers the call. Call it once; the task may go on. */
    @inline
    resolve(value: Number): void {
      // SAFETY: a view is the address of a value in canonical layout; the host is done with it on return.
      taskReturnLater(i32(load<u8>(changetype<usize>(value))), (i32(load<u8>(changetype<usize>(value))) == 0 ? load<i64>(changetype<usize>(value), 8) : i64(u32(reinterpret<i32>(load<f32>(changetype<usize>(value), 8))))));
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(near_0: i32, near_1: i32, numbers_0: i32, numbers_1: i64, numbers_2: i32, numbers_3: i64): void {
      ensureWaitableSet();
      // SAFETY: the value lies in the static frame, at the place that its layout above says.
      store<i16>(LATER_FRAME, <i16>near_0);
      store<i16>(LATER_FRAME, <i16>near_1, 2);
      // SAFETY: the value lies in the static frame, at the place that its layout above says.
      store<u8>(LATER_FRAME + 8, <u8>numbers_0);
      if (numbers_0 == 0) {
        store<i64>(LATER_FRAME + 8, numbers_1, 8);
      } else if (numbers_0 == 1) {
        store<f32>(LATER_FRAME + 8, reinterpret<f32>(i32(numbers_1)), 8);
      }
      store<u8>(LATER_FRAME + 8, <u8>numbers_2, 16);
      if (numbers_2 == 0) {
        store<i64>(LATER_FRAME + 8, numbers_3, 24);
      } else if (numbers_2 == 1) {
        store<f32>(LATER_FRAME + 8, reinterpret<f32>(i32(numbers_3)), 24);
      }
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {

    }
  }
}

/**
 * Bindings of `test:positions/made`.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  isCancelled as is_cancelled,
  noteAnswered as note_answered,
  endCancelled as end_cancelled,
} from "as-rill/assembly/bindings";
import { OptionPoint, TupleNumberNumber } from "./shared-types";
export { OptionPoint, TupleNumberNumber } from "./shared-types";
import { Number_, Point } from "./test-positions-given";
export { Number_, Point } from "./test-positions-given";

/** The result of a `find` call: 6 bytes. */
@lazy
const FIND_RESULT: usize = memory.data(6, 2);

/** A place to build the result of `find: func(near: point, number: number) -> option<point>`: fill it, return it. */
@inline
export function findResult(): OptionPoint {
  // SAFETY: the constant names static memory of this type's size and alignment.
  return changetype<OptionPoint>(FIND_RESULT);
}

@external("[export]test:positions/made", "[task-return]later")
declare function taskReturn_Later(result_0: i32, result_1: i64): void;

/** The result of a `later` task: 16 bytes. */
@lazy
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
    get output(): Number_ {
      // SAFETY: the constant names static memory of this type's size and alignment.
      return changetype<Number_>(LATER_RESULT);
    }
    /** Answers the call. Call it once; the task may go on. */
    @inline
    resolve(value: Number_): void {
      if (is_cancelled()) return;
      // SAFETY: a view is the address of a value in canonical layout; the host is done with it on return.
      taskReturn_Later(
        i32(load<u8>(changetype<usize>(value))),
        i32(load<u8>(changetype<usize>(value))) == 0
          ? load<i64>(changetype<usize>(value), 8)
          : i64(u32(reinterpret<i32>(load<f32>(changetype<usize>(value), 8)))),
      );
      note_answered();
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(near_0: i32, near_1: i32, numbers_0: i32, numbers_1: i64, numbers_2: i32, numbers_3: i64): void {
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
      end_cancelled();
    }
  }
}

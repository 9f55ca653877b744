/**
 * Bindings of `test:positions/given`: One record and one variant in all four positions.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  Subtask,
  awaitSubtask,
  copyElement,
  CALL_PLACES as call_places,
  takeCall as take_call,
  leaveCall as leave_call,
} from "as-rill/assembly/bindings";
import { OptionPoint, TupleNumberNumber } from "./shared-types";
export { OptionPoint, TupleNumberNumber } from "./shared-types";

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
export class Number_ {
  /** The tag of case `int`. */
  static readonly int: u8 = 0;
  /** The tag of case `real`. */
  static readonly real: u8 = 1;
  /** The tag of case `none`. */
  static readonly none: u8 = 2;
  /** Which case it is. */
  tag: u8;
  private gap_1: u8;
  private gap_2: u16;
  private gap_4: u32;
  private payload_8: u64;
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

@external("test:positions/given", "find")
declare function lowered_Find(
  near_0: i32,
  near_1: i32,
  number__0: i32,
  number__1: i64,
  resultPtr: usize,
): void;

/**
 * The static frame of a call of `find`, 6 bytes:
 *
 *       0  the result: 6
 */
const FIND_CALL: usize = memory.data(6, 4);

/** `find: func(near: point, number: number) -> option<point>`. */
export function find(near: Point, number_: Number_): OptionPoint {
  // SAFETY: a view is the address of a value in canonical layout; the frame is static, laid out as drawn above.
  lowered_Find(
    i32(load<i16>(changetype<usize>(near))),
    i32(load<i16>(changetype<usize>(near), 2)),
    i32(load<u8>(changetype<usize>(number_))),
    i32(load<u8>(changetype<usize>(number_))) == 0
      ? load<i64>(changetype<usize>(number_), 8)
      : i64(u32(reinterpret<i32>(load<f32>(changetype<usize>(number_), 8)))),
    FIND_CALL,
  );
  return changetype<OptionPoint>(FIND_CALL);
}

/** Parameter `near` of `find`: 4 bytes. */
@lazy
const FIND_PARAM_0: usize = memory.data(4, 2);

/** Parameter `number_` of `find`: 16 bytes. */
@lazy
const FIND_PARAM_1: usize = memory.data(16, 8);

/** Places to build the parameters of `find`. */
export namespace find {
  /** A place to build parameter `near`: fill it, pass it. */
  @inline
  export function near(): Point {
    // SAFETY: the constant names static memory of this type's size and alignment.
    return changetype<Point>(FIND_PARAM_0);
  }
  /** A place to build parameter `number_`: fill it, pass it. */
  @inline
  export function number_(): Number_ {
    // SAFETY: the constant names static memory of this type's size and alignment.
    return changetype<Number_>(FIND_PARAM_1);
  }
}

/** Parameter `near` of `later`: 4 bytes. */
@lazy
const LATER_PARAM_0: usize = memory.data(4, 2);

/** Parameter `numbers` of `later`: 32 bytes. */
@lazy
const LATER_PARAM_1: usize = memory.data(32, 8);

@external("test:positions/given", "[async-lower]later")
declare function lowered_Later(params_ptr: usize, result_ptr: usize): u32;

/** How far a call of `later` has come that goes on by itself: 12 bytes. */
@lazy
const LATER_SUBTASK: usize = memory.data(12, 4);

/** Places of calls of `later` that go on side by side. */
@lazy
const LATER_CALLS: usize = memory.data(call_places * (80 + 0), 8);

/**
 * The static frame of a call of `later`, 56 bytes:
 *
 *       0  the parameters: 40
 *      40  where the host writes the result: 16
 */
const LATER_CALL: usize = memory.data(56, 8);

/** Calls of `later`, one at a time; each waits until the callee has returned. */
export namespace later {
  /** A place to build parameter `near`: fill it, pass it. */
  @inline
  export function near(): Point {
    // SAFETY: the constant names static memory of this type's size and alignment.
    return changetype<Point>(LATER_PARAM_0);
  }
  /** A place to build parameter `numbers`: fill it, pass it. */
  @inline
  export function numbers(): TupleNumberNumber {
    // SAFETY: the constant names static memory of this type's size and alignment.
    return changetype<TupleNumberNumber>(LATER_PARAM_1);
  }
  /** `later: async func(near: point, numbers: tuple<number, number>) -> number`. */
  export function call(near: Point, numbers: TupleNumberNumber): Number_ {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<Subtask>(LATER_SUBTASK).requireIdle();
    copyElement<Point>(LATER_CALL, changetype<usize>(near));
    copyElement<TupleNumberNumber>(LATER_CALL + 8, changetype<usize>(numbers));
    awaitSubtask(lowered_Later(LATER_CALL, LATER_CALL + 40));
    return changetype<Number_>(LATER_CALL + 40);
  }
  /**
   * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.
   * @returns whether it has returned already
   * Traps: a call goes on
   */
  export function start(near: Point, numbers: TupleNumberNumber): bool {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(LATER_SUBTASK);
    sub_task.requireIdle();
    copyElement<Point>(LATER_CALL, changetype<usize>(near));
    copyElement<TupleNumberNumber>(LATER_CALL + 8, changetype<usize>(numbers));
    return sub_task.begin(lowered_Later(LATER_CALL, LATER_CALL + 40));
  }
  /** Whether no call goes on. Takes in progress that is there; never waits. */
  @inline
  export function poll(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(LATER_SUBTASK).poll();
  }
  /** Waits until no call goes on. */
  @inline
  export function wait(): void {
    // SAFETY: the constant names static memory of a subtask.
    changetype<Subtask>(LATER_SUBTASK).wait();
  }
  /** The call that `start` began, for `waitAny`. */
  @inline
  export function pending(): Subtask {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(LATER_SUBTASK);
  }
  /** Whether the callee has started. After a cancel that came before, what was passed is the guest's again. */
  @inline
  export function started(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(LATER_SUBTASK).started;
  }
  /** Asks the callee to stop, and waits until it has. @returns whether it has returned a result all the same. Spec: canon subtask.cancel */
  export function cancel(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(LATER_SUBTASK).cancel();
  }
  /** Waits for the call's result and takes it. Traps: it was cancelled, or the result was taken before */
  export function result(): Number_ {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<Subtask>(LATER_SUBTASK).take();
    return changetype<Number_>(LATER_CALL + 40);
  }
  /** Cancels a call that goes on; a result that nobody took is dropped. */
  export function drop(): void {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(LATER_SUBTASK);
    cancel();
    sub_task.forget();
  }
  /**
   * A call of its own, beside others: in one of `CALL_PLACES` static places, from `open` to `drop`. Ends of streams and futures that
   * it made or answered with lie there too: drop them first.
   */
  @unmanaged
  export class Own_Call {
    /**
     * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.
     * @returns whether it has returned already
     * Traps: a call goes on
     */
    start(near: Point, numbers: TupleNumberNumber): bool {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<Subtask>(changetype<usize>(this));
      sub_task.requireIdle();
      copyElement<Point>(changetype<usize>(this) + 24, changetype<usize>(near));
      copyElement<TupleNumberNumber>(changetype<usize>(this) + 24 + 8, changetype<usize>(numbers));
      return sub_task.begin(lowered_Later(changetype<usize>(this) + 24, changetype<usize>(this) + 24 + 40));
    }
    /** Whether no call goes on. Takes in progress that is there; never waits. */
    @inline
    poll(): bool {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this)).poll();
    }
    /** Waits until no call goes on. */
    @inline
    wait(): void {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      changetype<Subtask>(changetype<usize>(this)).wait();
    }
    /** The call that `start` began, for `waitAny`. */
    @inline
    pending(): Subtask {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this));
    }
    /** Whether the callee has started. After a cancel that came before, what was passed is the guest's again. */
    @inline
    started(): bool {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this)).started;
    }
    /** Asks the callee to stop, and waits until it has. @returns whether it has returned a result all the same. Spec: canon subtask.cancel */
    cancel(): bool {
      // SAFETY: the object is a place of the function's table, which begins with a subtask.
      return changetype<Subtask>(changetype<usize>(this)).cancel();
    }
    /** Waits for the call's result and takes it. Traps: it was cancelled, or the result was taken before */
    result(): Number_ {
      // SAFETY: the frame is static, and its layout above says what lies where.
      changetype<Subtask>(changetype<usize>(this)).take();
      return changetype<Number_>(changetype<usize>(this) + 24 + 40);
    }
    /** Cancels a call that goes on; a result that nobody took is dropped. */
    drop(): void {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<Subtask>(changetype<usize>(this));
      this.cancel();
      sub_task.forget();
      leave_call(changetype<usize>(this));
    }
  }
  /** Takes a place for a call of its own; its `drop` gives the place back. Traps: all are taken */
  export function open(): Own_Call {
    // SAFETY: the table is static and of this function's calls alone, laid out as the class says.
    return changetype<Own_Call>(take_call(LATER_CALLS, 80 + 0));
  }
}

/**
 * Bindings of `test:documented/readings`: What a thermometer says.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  ARENA_BYTES,
  ArenaReader,
  Handle,
  Subtask,
  awaitSubtask,
  loadElement,
  storeElement,
  CALL_PLACES as call_places,
  takeCall as take_call,
  leaveCall as leave_call,
} from "as-rill/assembly/bindings";

/**
 * Where it hangs.
 *
 * WIT: `enum room`.
 */
export type Room = u8;
/** The values of `Room`. */
export namespace room {
  /** The one with the stove. */
  export const kitchen: Room = 0;
  export const cellar: Room = 1;
}

/**
 * One reading.
 *
 * WIT: `record reading`: 16 bytes, aligned to 4. A view of memory that holds one.
 */
@unmanaged
export class Reading {
  /**
   * Seconds since midnight.
   *
   * At offset 0.
   */
  at: u32;
  /** At offset 4. */
  where: Room;
  private name_at_8: u64;
  /**
   * Its name,
   * as painted on it.
   *
   * At offset 8.
   */
  @inline
  get name(): string {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return loadElement<string>(changetype<usize>(this) + 8);
  }
  @inline
  set name(value: string) {
    // SAFETY: as in the getter.
    storeElement<string>(changetype<usize>(this) + 8, value);
  }
}

/**
 * What is wrong with it.
 *
 * WIT: `flags faults`.
 */
export type Faults = u8;
/** The values of `Faults`. */
export namespace faults {
  /** Below one volt. */
  export const lowBattery: Faults = 1 << 0;
  export const wet: Faults = 1 << 1;
}

/**
 * How it went.
 *
 * WIT: `variant outcome`: 20 bytes, aligned to 4. A view of memory that holds one.
 */
@unmanaged
export class Outcome {
  /**
   * It was read.
   *
   * The tag of case `good`.
   */
  static readonly good: u8 = 0;
  /** The tag of case `broken`. */
  static readonly broken: u8 = 1;
  /**
   * Nobody there. * /
   *
   * The tag of case `silent`.
   */
  static readonly silent: u8 = 2;
  /** Which case it is. */
  tag: u8;
  private gap_1: u8;
  private gap_2: u16;
  private payload_4: u32;
  private payload_8: u64;
  private payload_16: u32;
  /** The payload of case `good`, at offset 4. */
  @inline
  get good(): Reading {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Reading>(changetype<usize>(this) + 4);
  }
  /** The payload of case `broken`, at offset 4. */
  @inline
  get broken(): Faults {
    // SAFETY: the payload lies inside this value, at its canonical offset.
    return load<Faults>(changetype<usize>(this), 4);
  }
  @inline
  set broken(payload: Faults) {
    // SAFETY: as in the getter.
    store<Faults>(changetype<usize>(this), payload, 4);
  }
}

/**
 * Degrees, in hundredths.
 *
 * WIT: `type degrees = s16`.
 */
export type Degrees = i16;

/** WIT: `option<degrees>`: 4 bytes, aligned to 2. A view of memory that holds one. */
@unmanaged
export class OptionDegrees {
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
  get some(): Degrees {
    // SAFETY: the payload lies inside this value, at its canonical offset.
    return load<Degrees>(changetype<usize>(this), 2);
  }
  @inline
  set some(payload: Degrees) {
    // SAFETY: as in the getter.
    store<Degrees>(changetype<usize>(this), payload, 2);
  }
}

@external("test:documented/readings", "[constructor]thermometer")
declare function lowered_Thermometer(where: i32): i32;

@external("test:documented/readings", "[method]thermometer.read")
declare function lowered_Thermometer_Read(self: i32, resultPtr: usize): void;

/**
 * The static frame of a call of `thermometer-read`, 20 bytes:
 *
 *       0  the result: 20
 */
const THERMOMETER__READ_CALL: usize = memory.data(20, 4);

@external("test:documented/readings", "[resource-drop]thermometer")
declare function resource_drop_Thermometer(handle: u32): void;

/** WIT: `resource thermometer`: a handle of one. Traps: any use after `drop`, or after it was passed on as `own`. */
@unmanaged
export class Thermometer extends Handle {
  /**
   * Hangs it up.
   *
   * `thermometer: func(where: room) -> own<thermometer>`.
   */
  @inline
  static create(where: Room): Thermometer {
    return changetype<Thermometer>(<usize>lowered_Thermometer(i32(where)));
  }
  /**
   * Reads it once.
   *
   * `read: func(self: borrow<thermometer>) -> outcome`.
   */
  read(): Outcome {
    // SAFETY: a view is the address of a value in canonical layout; the frame is static, laid out as drawn above.
    lowered_Thermometer_Read(<i32>changetype<usize>(this), THERMOMETER__READ_CALL);
    return changetype<Outcome>(THERMOMETER__READ_CALL);
  }
  /** Gives the handle up; an own one ends the resource. Spec: canon resource.drop */
  @inline
  drop(): void {
    // SAFETY: the object's address is the handle.
    resource_drop_Thermometer(changetype<u32>(this));
  }
}

@external("test:documented/readings", "mean")
declare function lowered_Mean(of__0: i32, of__1: i32, resultPtr: usize): void;

/**
 * The static frame of a call of `mean`, 4 bytes:
 *
 *       0  the result: 4
 */
const MEAN_CALL: usize = memory.data(4, 4);

/**
 * The mean of some.
 *
 * `mean: func(of: list<degrees>) -> option<degrees>`.
 */
export function mean(of_: StaticArray<Degrees>): OptionDegrees {
  // SAFETY: a view is the address of a value in canonical layout; the frame is static, laid out as drawn above.
  lowered_Mean(i32(changetype<usize>(of_)), of_.length, MEAN_CALL);
  return changetype<OptionDegrees>(MEAN_CALL);
}

/** The part of the arena that holds what an item of stream 0 of `watch` points to. */
const Watch_stream0_region: usize = memory.data(<i32>ARENA_BYTES, 8);

@external("test:documented/readings", "[async-lower][stream-read-0]watch")
declare function read_stream0_Watch(handle: u32, ptr: usize, length: u32): u32;

@external("test:documented/readings", "[stream-cancel-read-0]watch")
declare function cancelRead_stream0_Watch(handle: u32): u32;

@external("test:documented/readings", "[stream-drop-readable-0]watch")
declare function dropReadable_stream0_Watch(handle: u32): void;

/** The canonical built-ins of stream 0 of `watch`. */
@unmanaged
class Watch_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_Watch(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_Watch(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_Watch(handle);
  }
  @inline
  region(_end: usize): usize {
    return Watch_stream0_region;
  }
  carries_stream_920f3e85d7ec: bool;
}

@external("test:documented/readings", "[async-lower]watch")
declare function lowered_Watch(which: i32, result_ptr: usize): u32;

/** How far a call of `watch` has come that goes on by itself: 12 bytes. */
@lazy
const WATCH_SUBTASK: usize = memory.data(12, 4);

/** Places of calls of `watch` that go on side by side. */
@lazy
const WATCH_CALLS: usize = memory.data(call_places * (64 + 0), 8);

/**
 * The static frame of a call of `watch`, 40 bytes:
 *
 *       0  where the host writes the result: 4
 *       4  operation of the result: 20 + slot 16
 */
const WATCH_CALL: usize = memory.data(40, 4);

/** Calls of `watch`, one at a time; each waits until the callee has returned. */
export namespace watch {
  /**
   * Reads on and on.
   *
   * `watch: async func(which: borrow<thermometer>) -> stream<reading>`.
   */
  export function call(which: Thermometer): ArenaReader<Reading, Watch_stream0> {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<Subtask>(WATCH_SUBTASK).requireIdle();
    awaitSubtask(lowered_Watch(<i32>changetype<usize>(which), WATCH_CALL));
    const reader_end = changetype<ArenaReader<Reading, Watch_stream0>>(WATCH_CALL + 4);
    reader_end.open(load<u32>(WATCH_CALL));
    return reader_end;
  }
  /**
   * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.
   * @returns whether it has returned already
   * Traps: a call goes on
   */
  export function start(which: Thermometer): bool {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(WATCH_SUBTASK);
    sub_task.requireIdle();
    if (sub_task.hasResult) {
      dropReadable_stream0_Watch(load<u32>(WATCH_CALL));
    }
    return sub_task.begin(lowered_Watch(<i32>changetype<usize>(which), WATCH_CALL));
  }
  /** Whether no call goes on. Takes in progress that is there; never waits. */
  @inline
  export function poll(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(WATCH_SUBTASK).poll();
  }
  /** Waits until no call goes on. */
  @inline
  export function wait(): void {
    // SAFETY: the constant names static memory of a subtask.
    changetype<Subtask>(WATCH_SUBTASK).wait();
  }
  /** The call that `start` began, for `waitAny`. */
  @inline
  export function pending(): Subtask {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(WATCH_SUBTASK);
  }
  /** Whether the callee has started. After a cancel that came before, what was passed is the guest's again. */
  @inline
  export function started(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(WATCH_SUBTASK).started;
  }
  /** Asks the callee to stop, and waits until it has. @returns whether it has returned a result all the same. Spec: canon subtask.cancel */
  export function cancel(): bool {
    // SAFETY: the constant names static memory of a subtask.
    return changetype<Subtask>(WATCH_SUBTASK).cancel();
  }
  /** Waits for the call's result and takes it. Traps: it was cancelled, or the result was taken before */
  export function result(): ArenaReader<Reading, Watch_stream0> {
    // SAFETY: the frame is static, and its layout above says what lies where.
    changetype<Subtask>(WATCH_SUBTASK).take();
    const reader_end = changetype<ArenaReader<Reading, Watch_stream0>>(WATCH_CALL + 4);
    reader_end.open(load<u32>(WATCH_CALL));
    return reader_end;
  }
  /** Cancels a call that goes on; a result that nobody took is dropped. */
  export function drop(): void {
    // SAFETY: the frame is static, and its layout above says what lies where.
    const sub_task = changetype<Subtask>(WATCH_SUBTASK);
    cancel();
    if (sub_task.hasResult) {
      dropReadable_stream0_Watch(load<u32>(WATCH_CALL));
    }
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
    start(which: Thermometer): bool {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<Subtask>(changetype<usize>(this));
      sub_task.requireIdle();
      if (sub_task.hasResult) {
        dropReadable_stream0_Watch(load<u32>(changetype<usize>(this) + 24));
      }
      return sub_task.begin(lowered_Watch(<i32>changetype<usize>(which), changetype<usize>(this) + 24));
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
    result(): ArenaReader<Reading, Watch_stream0> {
      // SAFETY: the frame is static, and its layout above says what lies where.
      changetype<Subtask>(changetype<usize>(this)).take();
      const reader_end = changetype<ArenaReader<Reading, Watch_stream0>>(changetype<usize>(this) + 24 + 4);
      reader_end.open(load<u32>(changetype<usize>(this) + 24));
      return reader_end;
    }
    /** Cancels a call that goes on; a result that nobody took is dropped. */
    drop(): void {
      // SAFETY: the frame is static, and its layout above says what lies where.
      const sub_task = changetype<Subtask>(changetype<usize>(this));
      this.cancel();
      if (sub_task.hasResult) {
        dropReadable_stream0_Watch(load<u32>(changetype<usize>(this) + 24));
      }
      sub_task.forget();
      leave_call(changetype<usize>(this));
    }
  }
  /** Takes a place for a call of its own; its `drop` gives the place back. Traps: all are taken */
  export function open(): Own_Call {
    // SAFETY: the table is static and of this function's calls alone, laid out as the class says.
    return changetype<Own_Call>(take_call(WATCH_CALLS, 64 + 0));
  }
}

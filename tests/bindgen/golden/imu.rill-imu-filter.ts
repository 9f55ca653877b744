/**
 * Bindings of `rill:imu/filter`: A filter for the readings of an inertial measurement unit.
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

/**
 * One reading: acceleration in m/s², rotation in rad/s.
 *
 * WIT: `record reading`: 32 bytes, aligned to 8. A view of memory that holds one.
 */
@unmanaged
export class Reading {
  /**
   * Microseconds since the unit was switched on.
   *
   * At offset 0.
   */
  at: u64;
  /** At offset 8. */
  accelerationX: f32;
  /** At offset 12. */
  accelerationY: f32;
  /** At offset 16. */
  accelerationZ: f32;
  /** At offset 20. */
  rotationX: f32;
  /** At offset 24. */
  rotationY: f32;
  /** At offset 28. */
  rotationZ: f32;
}

@external("[export]rill:imu/filter", "[async-lower][stream-read-0]smooth")
declare function read_stream0_Smooth(handle: u32, ptr: usize, length: u32): u32;

@external("[export]rill:imu/filter", "[stream-cancel-read-0]smooth")
declare function cancelRead_stream0_Smooth(handle: u32): u32;

@external("[export]rill:imu/filter", "[stream-drop-readable-0]smooth")
declare function dropReadable_stream0_Smooth(handle: u32): void;

/** The canonical built-ins of stream 0 of `smooth`. */
@unmanaged
class Smooth_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_Smooth(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_Smooth(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_Smooth(handle);
  }
  carries_stream_6968f59ec142: bool;
}

@external("[export]rill:imu/filter", "[task-return]smooth")
declare function taskReturn_Smooth(result: u32): void;

@external("[export]rill:imu/filter", "[stream-new-1]smooth")
declare function new__stream1_Smooth(): u64;

@external("[export]rill:imu/filter", "[async-lower][stream-write-1]smooth")
declare function write_stream1_Smooth(handle: u32, ptr: usize, length: u32): u32;

@external("[export]rill:imu/filter", "[stream-cancel-write-1]smooth")
declare function cancelWrite_stream1_Smooth(handle: u32): u32;

@external("[export]rill:imu/filter", "[stream-drop-writable-1]smooth")
declare function dropWritable_stream1_Smooth(handle: u32): void;

/** The canonical built-ins of stream 1 of `smooth`. */
@unmanaged
class Smooth_stream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream1_Smooth(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream1_Smooth(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream1_Smooth(handle);
  }
}

/**
 * The static frame of a `smooth` task, 112 bytes:
 *
 *       4  operation of `readings`: 20 + slot 32
 *      60  operation of the result: 20 + slot 32
 */
const SMOOTH_FRAME: usize = memory.data(112, 8);

/**
 * Answers every reading with its low-passed form: an exponential average over about eight readings.
 *
 * `smooth: async func(readings: stream<reading>) -> stream<reading>`.
 */
export namespace smooth {
  /** One call of `smooth`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `readings`: the readable end of a stream. */
    @inline
    get readings(): StreamReader<Reading, Smooth_stream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<Reading, Smooth_stream0>>(SMOOTH_FRAME + 4);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<Reading, Smooth_stream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<Reading, Smooth_stream1>>(SMOOTH_FRAME + 60);
    }
    /** Answers the call with a new stream, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): StreamWriter<Reading, Smooth_stream1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_stream_6968f59ec142)) {
          ERROR("as-rill: the result is a stream<reading>");
        }
        taskReturn_Smooth(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__stream1_Smooth();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_Smooth(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(readings: u32): void {
      this.readings.open(readings);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.readings.close();
      this.output.close();
      end_cancelled();
    }
  }
}

/**
 * Bindings of `rill:ecg/detector`: Heartbeats in an electrocardiogram.
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
 * One heartbeat.
 *
 * WIT: `record beat`: 8 bytes, aligned to 4. A view of memory that holds one.
 */
@unmanaged
export class Beat {
  /**
   * Index of the sample at the R peak; the first sample is 0.
   *
   * At offset 0.
   */
  at: u32;
  /**
   * Samples since the beat before; 0 for the first, 65535 for all that is longer.
   *
   * At offset 4.
   */
  interval: u16;
  /**
   * Height in the samples' unit after the filter; negative for a beat that points down.
   *
   * At offset 6.
   */
  height: i16;
}

@external("[export]rill:ecg/detector", "[async-lower][stream-read-0]beats")
declare function read_stream0_Beats(handle: u32, ptr: usize, length: u32): u32;

@external("[export]rill:ecg/detector", "[stream-cancel-read-0]beats")
declare function cancelRead_stream0_Beats(handle: u32): u32;

@external("[export]rill:ecg/detector", "[stream-drop-readable-0]beats")
declare function dropReadable_stream0_Beats(handle: u32): void;

/** The canonical built-ins of stream 0 of `beats`. */
@unmanaged
class Beats_stream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return read_stream0_Beats(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return cancelRead_stream0_Beats(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    dropReadable_stream0_Beats(handle);
  }
  carries_stream_u16: bool;
}

@external("[export]rill:ecg/detector", "[task-return]beats")
declare function taskReturn_Beats(result: u32): void;

@external("[export]rill:ecg/detector", "[stream-new-1]beats")
declare function new__stream1_Beats(): u64;

@external("[export]rill:ecg/detector", "[async-lower][stream-write-1]beats")
declare function write_stream1_Beats(handle: u32, ptr: usize, length: u32): u32;

@external("[export]rill:ecg/detector", "[stream-cancel-write-1]beats")
declare function cancelWrite_stream1_Beats(handle: u32): u32;

@external("[export]rill:ecg/detector", "[stream-drop-writable-1]beats")
declare function dropWritable_stream1_Beats(handle: u32): void;

/** The canonical built-ins of stream 1 of `beats`. */
@unmanaged
class Beats_stream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return write_stream1_Beats(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return cancelWrite_stream1_Beats(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    dropWritable_stream1_Beats(handle);
  }
}

/**
 * The static frame of a `beats` task, 52 bytes:
 *
 *       0  operation of `samples`: 20 + slot 2
 *      24  operation of the result: 20 + slot 8
 */
const BEATS_FRAME: usize = memory.data(52, 4);

/**
 * Finds the QRS complexes in samples of one lead, unsigned ADC counts, 360 a second.
 *
 * `beats: async func(samples: stream<u16>) -> stream<beat>`.
 */
export namespace beats {
  /** One call of `beats`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `samples`: the readable end of a stream. */
    @inline
    get samples(): StreamReader<u16, Beats_stream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<u16, Beats_stream0>>(BEATS_FRAME);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<Beat, Beats_stream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<Beat, Beats_stream1>>(BEATS_FRAME + 24);
    }
    /** Answers the call with a new stream, or with an end that came. Call it once. @returns the new one's writable end */
    resolve<E_0 = Made_End>(end: E_0 = made_end): StreamWriter<Beat, Beats_stream1> {
      const writer_end = this.output;
      if (is_cancelled()) {
        end.drop();
        return writer_end.openDone();
      }
      if (!isDefined(end.isMade)) {
        if (!isDefined(end.operations.carries_stream_fa2f0187a357)) {
          ERROR("as-rill: the result is a stream<beat>");
        }
        taskReturn_Beats(end.handOn());
        note_answered();
        return writer_end.openDone();
      }
      const both_ends = new__stream1_Beats();
      writer_end.open(u32(both_ends >> 32));
      taskReturn_Beats(u32(both_ends));
      note_answered();
      return writer_end;
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(samples: u32): void {
      this.samples.open(samples);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.samples.close();
      this.output.close();
      end_cancelled();
    }
  }
}

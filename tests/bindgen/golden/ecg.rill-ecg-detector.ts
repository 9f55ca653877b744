/**
 * Bindings of `rill:ecg/detector`: Heartbeats in an electrocardiogram.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
import { StreamReader, StreamWriter, ensureWaitableSet } from "as-rill/assembly";

/** WIT: `record beat`: 8 bytes, aligned to 4. A view of memory that holds one. */
@unmanaged
export class Beat {
  /** At offset 0. */
  at: u32;
  /** At offset 4. */
  interval: u16;
  /** At offset 6. */
  height: i16;
}

@external("[export]rill:ecg/detector", "[async-lower][stream-read-0]beats")
declare function streamRead0Beats(handle: u32, ptr: usize, length: u32): u32;

@external("[export]rill:ecg/detector", "[stream-cancel-read-0]beats")
declare function streamCancelRead0Beats(handle: u32): u32;

@external("[export]rill:ecg/detector", "[stream-drop-readable-0]beats")
declare function streamDropReadable0Beats(handle: u32): void;

/** The canonical built-ins of stream 0 of `beats`. */
@unmanaged
class BeatsStream0 {
  @inline
  read(handle: u32, ptr: usize, length: u32): u32 {
    return streamRead0Beats(handle, ptr, length);
  }
  @inline
  cancelRead(handle: u32): u32 {
    return streamCancelRead0Beats(handle);
  }
  @inline
  dropReadable(handle: u32): void {
    streamDropReadable0Beats(handle);
  }
}

@external("[export]rill:ecg/detector", "[task-return]beats")
declare function taskReturnBeats(result: u32): void;

@external("[export]rill:ecg/detector", "[stream-new-1]beats")
declare function streamNew1Beats(): u64;

@external("[export]rill:ecg/detector", "[async-lower][stream-write-1]beats")
declare function streamWrite1Beats(handle: u32, ptr: usize, length: u32): u32;

@external("[export]rill:ecg/detector", "[stream-cancel-write-1]beats")
declare function streamCancelWrite1Beats(handle: u32): u32;

@external("[export]rill:ecg/detector", "[stream-drop-writable-1]beats")
declare function streamDropWritable1Beats(handle: u32): void;

/** The canonical built-ins of stream 1 of `beats`. */
@unmanaged
class BeatsStream1 {
  @inline
  write(handle: u32, ptr: usize, length: u32): u32 {
    return streamWrite1Beats(handle, ptr, length);
  }
  @inline
  cancelWrite(handle: u32): u32 {
    return streamCancelWrite1Beats(handle);
  }
  @inline
  dropWritable(handle: u32): void {
    streamDropWritable1Beats(handle);
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
    get samples(): StreamReader<u16, BeatsStream0> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamReader<u16, BeatsStream0>>(BEATS_FRAME);
    }
    /** The writable end of the result, once `resolve` was called. */
    @inline
    get output(): StreamWriter<Beat, BeatsStream1> {
      // SAFETY: the operation lies in the static frame, at the place that its layout above says.
      return changetype<StreamWriter<Beat, BeatsStream1>>(BEATS_FRAME + 24);
    }
    /** Answers the call with a new stream. Call it once. @returns its writable end */
    resolve(): StreamWriter<Beat, BeatsStream1> {
      const ends = streamNew1Beats();
      const writer = this.output;
      writer.open(u32(ends >> 32));
      taskReturnBeats(u32(ends));
      return writer;
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(samples: u32): void {
      ensureWaitableSet();
      this.samples.open(samples);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      this.samples.close();
      this.output.close();
    }
  }
}

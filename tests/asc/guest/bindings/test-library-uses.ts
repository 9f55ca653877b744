/**
 * Bindings of `test:library/uses`: What goes on to the host.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  loadElement,
  isCancelled as is_cancelled,
  noteAnswered as note_answered,
  endCancelled as end_cancelled,
} from "as-rill/assembly/bindings";
import { ListString } from "./shared-types";
export { ListString } from "./shared-types";

@external("[export]test:library/uses", "[task-return]calls")
declare function taskReturn_Calls(result_0: i32, result_1: i32): void;

/**
 * The static frame of a `calls` task, 16 bytes:
 *
 *       0  `text`: 8
 *       8  `notes`: 8
 */
const CALLS_FRAME: usize = memory.data(16, 4);

/** `calls: async func(text: string, notes: list<string>) -> string`. */
export namespace calls {
  /** One call of `calls`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `text`. */
    @inline
    get text(): string {
      // SAFETY: `enter` stored its address and length there.
      return loadElement<string>(CALLS_FRAME);
    }
    /** Parameter `notes`. */
    @inline
    get notes(): ListString {
      // SAFETY: the value lies in the static frame, at the place that its layout above says.
      return changetype<ListString>(CALLS_FRAME + 8);
    }
    /** Answers the call. Call it once; the task may go on. */
    @inline
    resolve(value: string): void {
      if (is_cancelled()) return;
      taskReturn_Calls(i32(changetype<usize>(value)), value.length);
      note_answered();
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(text_0: i32, text_1: i32, notes_0: i32, notes_1: i32): void {
      // SAFETY: the value lies in the static frame, at the place that its layout above says.
      store<i32>(CALLS_FRAME, text_0);
      store<i32>(CALLS_FRAME, text_1, 4);
      // SAFETY: the value lies in the static frame, at the place that its layout above says.
      store<i32>(CALLS_FRAME + 8, notes_0);
      store<i32>(CALLS_FRAME + 8, notes_1, 4);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      end_cancelled();
    }
  }
}

@external("[export]test:library/uses", "[task-return]overlap")
declare function taskReturn_Overlap(result: i32): void;

/**
 * The static frame of a `overlap` task, 4 bytes:
 *
 *       0  `count`: 4
 */
const OVERLAP_FRAME: usize = memory.data(4, 4);

/** `overlap: async func(count: u32) -> u32`. */
export namespace overlap {
  /** One call of `overlap`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Parameter `count`. */
    @inline
    get count(): u32 {
      // SAFETY: `enter` stored it there.
      return load<u32>(OVERLAP_FRAME);
    }
    /** Answers the call. Call it once; the task may go on. */
    @inline
    resolve(value: u32): void {
      if (is_cancelled()) return;
      taskReturn_Overlap(i32(value));
      note_answered();
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(count: i32): void {
      // SAFETY: the value lies in the static frame, at the place that its layout above says.
      store<u32>(OVERLAP_FRAME, <u32>count);
    }
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      end_cancelled();
    }
  }
}

/**
 * Bindings of `wasi:cli/run@0.3.0`.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import {
  isCancelled as is_cancelled,
  noteAnswered as note_answered,
  endCancelled as end_cancelled,
} from "as-rill/assembly/bindings";

@external("[export]wasi:cli/run@0.3.0", "[task-return]run")
declare function taskReturn_Run(result: i32): void;

/** `run: async func() -> result`. */
export namespace run {
  /** One call of `run`: its parameters, and the way to answer it. */
  @unmanaged
  export class Task {
    /** Answers the call. true is `ok`. Call it once; the task may go on. */
    @inline
    resolve(value: bool): void {
      if (is_cancelled()) return;
      taskReturn_Run(i32(!value));
      note_answered();
    }
    /** Whether the caller has given up: see `isCancelled`. */
    get cancelled(): bool {
      return is_cancelled();
    }
    /** Takes the parameters over; called before the guest's function. */
    @inline
    enter(): void {}
    /** Cancels, then drops, what the guest left; called after the guest's function. */
    @inline
    exit(): void {
      end_cancelled();
    }
  }
}

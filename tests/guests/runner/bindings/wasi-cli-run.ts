/**
 * `wasi:cli/run@0.3.0`, exported.
 *
 * Written by hand until `rill bindgen` writes it.
 */

/** Canonical built-in task.return. */
@external("[export]wasi:cli/run@0.3.0", "[task-return]run")
declare function taskReturnRun(tag: u32): void;

/** `run: async func() -> result`. */
export namespace run {
  /** One call of `run`. */
  @unmanaged
  export class Task {
    /** Answers the call: the command succeeded, or not. */
    resolve(success: bool): void {
      taskReturnRun(success ? 0 : 1);
    }
  }
}

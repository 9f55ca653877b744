/**
 * What stands where a call takes a readable end that the guest hands on, and the guest hands on none: the
 * bindings make the stream or future, and the guest writes to it.
 */
// @ts-nocheck: AssemblyScript; asc checks it

/** The type of `made`. */
@unmanaged
export class Made {
  /** What tells it from an end: bindings ask whether the field is there. */
  isMade: bool;

  /** There is no end to drop, when the task was cancelled that was to hand it on. */
  @inline
  drop(): void {}
}

/** In place of an end: the stream or future that the bindings have made for this parameter. */
// SAFETY: nothing looks at what an object of this class holds.
export const made: Made = changetype<Made>(0);

/**
 * Calls of imported async functions whose result holds pointers, when they go on
 * while the guest does something else.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { beginCallLanding, noteCallLanding } from "../landing";
import { Subtask } from "./subtask";

/**
 * A `Subtask` whose result holds strings or lists: 20 static bytes, two words more
 * than any other, which are `landing.ts`'s.
 *
 * What the result points to stays where it is until the function's next `start`, whatever other readers and
 * calls do meanwhile. Such a call ends before its task does.
 */
@unmanaged
export class ArenaSubtask extends Subtask {
  private home: usize;
  private following: usize;

  /**
   * Before `begin`; the last result is given back.
   * @param region address of the region that the function brings
   * Caller must: bring a region of ARENA_BYTES static bytes that no other brings
   */
  @unsafe
  @inline
  land(region: usize): void {
    beginCallLanding(this, region);
  }

  /** Before the result is read: waits for it. Traps: there is none, or it was taken before */
  takeLanded(): void {
    this.waitToEnd();
    noteCallLanding(this);
    this.take();
  }
}

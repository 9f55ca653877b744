/**
 * The readable end of a stream whose items hold strings or lists: they live in a region
 * of the arena that a later item reuses.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { CopyResult } from "../abi/copy-result";
import { beginLanding } from "../landing";
import { HELD, noteOverlapping, overlapping } from "../operation";
import { StreamReader } from "./reader";

/**
 * A stream's readable end for element types with pointers.
 *
 * Besides the built-ins `Ops` has `region(end): usize`, the address of the region that this end brings. What
 * an item holds, and what the guest allocates between `next` and the call after it, lives until the next item
 * is asked for with `next` or `start`. Other such readers do not disturb it.
 */
@unmanaged
export class ArenaReader<T, Ops> extends StreamReader<T, Ops> {
  /**
   * Waits for the next item; gives back what the item before held and what was allocated since.
   * @returns true when `value` is that item; false when the writer is gone and every item was taken
   * Lends: the slot and the region, while it waits
   * Traps: the region has no room for the item
   * Spec: CanonicalABI.md, canon stream.read
   */
  next(): bool {
    // Of a copy in flight every bit of the status is set, HELD too: its region is in use already.
    if (!overlapping || !(this.status & HELD)) this.beginItem();
    return super.next();
  }

  /**
   * Begins to read one item without waiting for it; gives back what the item before held
   * and what was allocated since. With an item not yet taken by `next`, or with the
   * writer gone, there is nothing to begin.
   * @returns whether `next` would answer without waiting
   * Lends: the slot, until `poll` or `next` answers true or `cancel` returns;
   * the region in which the item lands
   * Traps: a copy is in flight already
   */
  start(): bool {
    noteOverlapping();
    if (!(this.status & (HELD | CopyResult.DROPPED))) this.beginItem();
    return super.start();
  }

  private beginItem(): void {
    beginLanding(this, changetype<Ops>(0).region(changetype<usize>(this)), false);
  }
}

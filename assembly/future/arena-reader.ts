/** The readable end of a future whose value holds strings or lists: they live in a region of the arena. */
// @ts-nocheck: AssemblyScript; asc checks it
import { CopyResult } from "../abi/copy-result";
import { beginLanding } from "../landing";
import { noteOverlapping } from "../operation";
import { FutureReader } from "./reader";

/**
 * A future's readable end for values with pointers.
 *
 * Besides the built-ins `Ops` has `region(end): usize`, the address of the region that this
 * end brings. What the value holds, and what the guest allocates after `read`, lives as long
 * as the end's frame serves the same future.
 */
@unmanaged
export class ArenaFutureReader<T, Ops> extends FutureReader<T, Ops> {
  /**
   * Waits for the value. A second call gives the same value again.
   * Lends: the slot and the region, while it waits
   * Traps: the region has no room for the value; the end was dropped
   * Spec: CanonicalABI.md, canon future.read
   */
  read(): T {
    this.beginValue();
    return super.read();
  }

  /**
   * Begins to read without waiting. With the value there already, or this end
   * dropped, there is nothing to begin.
   * @returns whether `read` would answer without waiting
   * Lends: the slot, until `poll` or `read` answers or `cancel` returns; the region in which the value lands
   * Traps: a copy is in flight already
   */
  start(): bool {
    noteOverlapping();
    this.beginValue();
    return super.start();
  }

  /**
   * Does nothing when the value has come or is on its way: of a copy in flight
   * every bit of the status is set.
   */
  private beginValue(): void {
    if (!(this.status & CopyResult.DROPPED))
      beginLanding(this, changetype<Ops>(0).region(changetype<usize>(this)), true);
  }
}

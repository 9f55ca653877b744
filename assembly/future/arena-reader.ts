/** The readable end of a future whose value holds strings or lists: they live in a region of the arena that is this end's own. */
import { useRegion } from "../arena";
import { CopyResult } from "../abi/copy-result";
import { FutureReader } from "./reader";

/**
 * A future's readable end for values with pointers.
 *
 * Besides the built-ins `Ops` has `region(end): usize`, the address of the region that is this end's own. What the value holds, and
 * what the guest allocates after it, lives as long as the end's frame serves the same future.
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
    if (!(this.status & CopyResult.DROPPED)) useRegion(changetype<Ops>(0).region(changetype<usize>(this)));
    return super.read();
  }

  /** Not for values with pointers: while another copy goes on, the host could not tell whose memory to take. */
  start(): bool {
    ERROR("as-rill: a future whose value holds strings or lists cannot be started; wait with read()");
    return false;
  }
}

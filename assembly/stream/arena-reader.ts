/** The readable end of a stream whose items hold strings or lists: they live in a region of the arena that each next item reuses. */
import { useRegion } from "../arena";
import { StreamReader } from "./reader";

/**
 * A stream's readable end for element types with pointers.
 *
 * Besides the built-ins `Ops` has `region(): usize`, the address of the region that is this end's own. What an item holds, and
 * what the guest allocates after it, lives until the next call of `next`. Two such readers do not disturb each other.
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
    useRegion(changetype<Ops>(0).region());
    return super.next();
  }

  /** Not for items with pointers: while another copy goes on, the host could not tell whose memory to take. */
  start(): bool {
    ERROR("as-rill: a stream whose items hold strings or lists cannot be started; wait with next()");
    return false;
  }
}

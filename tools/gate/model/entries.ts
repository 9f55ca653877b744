/**
 * Sets and resources in the guest's table: what the host's own code keeps of
 * them, and their part of the state.
 */
import type { ResourceHandle } from "../../host/tasks/resource.js";
import type { WaitableSet } from "../../host/tasks/waitable-set.js";

/** A waitable set. */
export class SetEntry {
  constructor(
    readonly handle: number,
    readonly hosted: WaitableSet,
  ) {}

  /** It was taken out of the table. */
  gone(): void {
    // Nobody else knows of a set.
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.handle);
    take(this.hosted.waiting);
  }
}

/** A handle of a resource. */
export class ResourceEntry {
  constructor(
    readonly handle: number,
    readonly hosted: ResourceHandle,
  ) {}

  /** It was taken out of the table. */
  gone(): void {
    // What becomes of the resource, who took it knows.
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    const { representation, owned, lends } = this.hosted;
    take(this.handle ^ (owned ? 0 : 0x10_0000));
    take(representation as number);
    take(lends);
  }
}

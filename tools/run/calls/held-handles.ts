/** Handles that a run owns: what calls returned, until it is given back, dropped, or the run is over. */
import type { Resource } from "../../wit/model.js";

/** An owned handle of one of the guest's resources. */
export class HeldHandle {
  constructor(
    readonly resource: Resource,
    readonly representation: number,
  ) {}
}

/** All that are held. */
export class HeldHandles {
  private readonly held = new Set<HeldHandle>();

  /** @param destroy has the guest end what a handle stands for */
  constructor(private readonly destroy: (handle: HeldHandle) => void) {}

  /** Holds a handle that came. */
  add(resource: Resource, representation: number): HeldHandle {
    const handle = new HeldHandle(resource, representation);
    this.held.add(handle);
    return handle;
  }

  /** The guest takes it back. @returns its representation */
  give(handle: HeldHandle): number {
    this.held.delete(handle);
    return handle.representation;
  }

  /** Its destructor runs. Traps: as the guest does */
  drop(handle: HeldHandle): void {
    this.give(handle);
    this.destroy(handle);
  }

  /** What is left, the last made first. */
  get left(): readonly HeldHandle[] {
    return [...this.held].reverse();
  }

  /** Drops what is left, the last made first. */
  dropAll(): void {
    for (const handle of this.left) this.drop(handle);
  }
}

/** Handles of resources: the host's own ones as tokens, the guest's with what they were made for. */
import { Found } from "../found.js";
import { Resource } from "./entries.js";
import { HeldResources } from "./held-resources.js";
import type { ModelHost } from "./host.js";

/** What the model does with resources. */
export class Resources {
  /** The guest's own resources that the host holds. */
  readonly held = new HeldResources();
  /** Calls the destructor of a resource of the guest's own. */
  destroy: (type: string, state: number) => void = () => undefined;

  constructor(readonly host: ModelHost) {}

  /** A new resource of the host's for the guest. @param owned false when it is lent for the task @returns its handle */
  add(owned: boolean): number {
    return this.host.add((handle) => new Resource(handle, owned)).handle;
  }

  /** A new handle of a resource that the guest implements. @param state what it was made for */
  addOwn(type: string, state: number): number {
    return this.host.add((handle) => new Resource(handle, true, type, state)).handle;
  }

  /** What a resource of the guest's own was made for. */
  stateOf(handle: number, type: string, name: string): number {
    const entry = this.require(handle, name);
    if (entry.type !== type)
      throw this.host.broken("illegal-call", `${name}: handle ${handle} is not a resource of this guest`);
    return entry.state;
  }

  /** The guest gives an owned resource away. */
  pass(handle: number, name: string): void {
    const entry = this.host.entry(handle);
    if (entry instanceof Resource && !entry.owned)
      throw this.host.broken(
        "illegal-call",
        `${name}: handle ${handle} is borrowed, it cannot be given away`,
      );
    this.remove(handle, name);
    if (entry instanceof Resource && entry.type !== null) this.held.add(entry.type, entry.state);
  }

  /** Refuses a handle that is not a resource. */
  require(handle: number, name: string): Resource {
    const entry = this.host.known(handle, name);
    if (entry instanceof Resource) return entry;
    throw this.host.broken("illegal-call", `${name}: handle ${handle} is not a resource`);
  }

  /** `resource.drop`: of a resource of the guest's own the destructor runs. */
  drop(handle: number, name: string): void {
    const entry = this.host.entry(handle);
    this.remove(handle, name);
    if (entry instanceof Resource && entry.type !== null) this.destroy(entry.type, entry.state);
  }

  private remove(handle: number, name: string): void {
    const { host } = this;
    if (host.entry(handle) instanceof Resource) {
      host.remove(handle);
      return;
    }
    const known = host.wasGiven(handle);
    throw host.broken(
      known ? "released-twice" : "handle-after-drop",
      `${name}: handle ${handle} ${known ? "was released before" : "is not a resource"}`,
    );
  }

  /** A task has its result: what it borrowed, it has given back. */
  requireNoBorrow(): void {
    const left = this.host.entries().find((entry) => entry instanceof Resource && !entry.owned);
    if (left)
      throw this.host.broken(
        "released-never",
        `task.return: the task still borrows the resource with handle ${left.handle}`,
      );
  }

  /** The task has returned: it owns and borrows nothing, but what states of resources that the host holds may keep. */
  requireNoneLeft(): void {
    for (const entry of this.host.entries())
      if (entry instanceof Resource && !(entry.owned && this.held.any))
        throw new Found(
          "released-never",
          `the task returns and still ${entry.owned ? "owns" : "borrows"} the resource with handle ${entry.handle}`,
        );
  }
}

/** The guest's own resources that the host holds: by type, the states that the guest made them for, in the order they came. */
import type { Resource } from "../../wit/model.js";
import { Pruned } from "../found.js";

const NONE = new Pruned("the host holds no such resource: the call cannot be made");

/** The name that tells a resource of the guest's own from every other. */
export function resourceKey({ owner, name }: Resource): string {
  return `${owner}#${name}`;
}

/** What the host holds. */
export class HeldResources {
  private byType = new Map<string, number[]>();

  /** Forgets all. */
  reset(): void {
    this.byType.clear();
  }

  /** The guest gave one away. */
  add(type: string, state: number): void {
    const held = this.byType.get(type);
    if (held) held.push(state);
    else this.byType.set(type, [state]);
  }

  /** Takes the oldest, to give it back to the guest. @throws Pruned when there is none: no host could do this */
  take(type: string): number {
    const state = this.byType.get(type)?.shift();
    if (state === undefined) throw NONE;
    return state;
  }

  /** The oldest, to lend it. @throws Pruned when there is none */
  peek(type: string): number {
    const state = this.byType.get(type)?.[0];
    if (state === undefined) throw NONE;
    return state;
  }

  /** Whether the host holds one of `type`. */
  has(type: string): boolean {
    return (this.byType.get(type)?.length ?? 0) > 0;
  }

  /** Whether the host holds any. */
  get any(): boolean {
    return [...this.byType.values()].some((held) => held.length > 0);
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    for (const held of this.byType.values()) {
      take(held.length);
      held.forEach(take);
    }
  }
}

/**
 * The guest's own resources that the host holds: by type, the states that the guest
 * made them for, in the order they came.
 */
import type { Resource } from "../../wit/model.js";
import { Pruned } from "../found.js";
import type { Run } from "./run.js";

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

  /** Takes any one, to give it back to the guest. @throws Pruned when there is none: no host could do this */
  take(type: string, run: Run): number {
    const held = this.byType.get(type) ?? [];
    return held.splice(choose(held, run), 1)[0]!;
  }

  /** Any one, to lend it. @throws Pruned when there is none */
  peek(type: string, run: Run): number {
    const held = this.byType.get(type) ?? [];
    return held[choose(held, run)]!;
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

function choose(held: readonly number[], run: Run): number {
  if (held.length === 0) throw NONE;
  return held.length === 1 ? 0 : run.choose(held.length);
}

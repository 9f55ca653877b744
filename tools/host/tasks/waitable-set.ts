import { trapIf } from "../values/trap.js";
import { EventCode, type Event, type Waitable } from "./waitable.js";

/**
 * Waitables that a guest waits for together. With several events pending the one of the member that joined
 * first is delivered, unless `choose` says otherwise.
 *
 * Spec: CanonicalABI.md, "Waitable State"
 */
export class WaitableSet {
  /** Waitables in the set, in the order in which they joined. */
  readonly members = new Set<Waitable>();
  /** Tasks that wait for an event of this set. */
  waiting = 0;

  constructor(private readonly choose: ChooseEvent = firstOf) {}

  /** Whether a member has an event. */
  get hasPendingEvent(): boolean {
    for (const member of this.members) if (member.hasPendingEvent) return true;
    return false;
  }

  /** Delivers one member's event, which there must be. */
  takePendingEvent(): Event {
    const ready = [...this.members].filter((member) => member.hasPendingEvent);
    return this.choose(ready).takePendingEvent();
  }

  /** Delivers an event if one is pending. */
  poll(): Event {
    return this.hasPendingEvent ? this.takePendingEvent() : [EventCode.NONE, 0, 0];
  }

  /** Traps: members are left; a task waits */
  drop(): void {
    trapIf(this.members.size > 0, `waitable-set.drop: ${this.members.size} waitables are still in the set`);
    trapIf(this.waiting > 0, "waitable-set.drop: a task waits for the set");
  }
}

/** Picks one of several waitables that have an event; never called with none. */
export type ChooseEvent = (ready: readonly Waitable[]) => Waitable;

const firstOf: ChooseEvent = (ready) => ready[0]!;

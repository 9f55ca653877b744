import type { WaitableSet } from "./waitable-set.js";

/** What an event says. */
export const EventCode = {
  NONE: 0,
  SUBTASK: 1,
  STREAM_READ: 2,
  STREAM_WRITE: 3,
  FUTURE_READ: 4,
  FUTURE_WRITE: 5,
  TASK_CANCELLED: 6,
} as const;
/** One of the codes. */
export type EventCode = (typeof EventCode)[keyof typeof EventCode];

/** An event as the guest gets it: its code, the waitable's handle, the packed result or state. */
export type Event = readonly [code: EventCode, handle: number, payload: number];

/**
 * Something that has events: an end of a stream or future, or a subtask. It has one pending event at most, a
 * newer one replaces it, and what the event says is settled when it is delivered.
 *
 * Spec: CanonicalABI.md, "Waitable State"
 */
export abstract class Waitable {
  private pending: (() => Event) | null = null;
  /** The set that this waitable is in. */
  set: WaitableSet | null = null;
  /** A synchronous built-in is waiting for this waitable's event. */
  hasSyncWaiter = false;

  /** Makes an event pending; `settle` says what it tells, once it is delivered. */
  setPendingEvent(settle: () => Event): void {
    this.pending = settle;
  }

  /** Whether an event waits to be delivered. */
  get hasPendingEvent(): boolean {
    return this.pending !== null;
  }

  /** Delivers the pending event, which there must be. */
  takePendingEvent(): Event {
    const settle = this.pending;
    if (settle === null) throw new Error("no event is pending");
    this.pending = null;
    return settle();
  }

  /** Moves the waitable, with its event, to another set, or out of any. */
  join(set: WaitableSet | null): void {
    this.set?.members.delete(this);
    this.set = set;
    set?.members.add(this);
  }

  /** Leaves the set, for good. */
  protected leave(): void {
    this.join(null);
  }
}

/** One end as the scripted host sees it: enough state to trap where the Component Model traps. */

/** A copy answered BLOCKED and not yet ended: the buffer is lent to the host. */
export interface Copy {
  /** Address of the lent buffer. */
  readonly ptr: number;
  /** Whether the guest gives (write) or gets (read). */
  readonly writes: boolean;
  /** Items that the buffer has room for, or holds. */
  readonly length: number;
  /** Whether it is a future's. */
  readonly isFuture: boolean;
}

/** What an end may do next. Every method throws where the built-in would trap. */
export class ScriptedEnd {
  private copy: Copy | null = null;
  private done = false;
  private dropped = false;

  constructor(readonly handle: number) {}

  /** Before a read or write: the end is idle, the other end is not known to be gone. */
  start(builtin: string): void {
    this.mustBeThere(builtin);
    if (this.copy !== null) throw this.trap(builtin, "a copy is in flight");
    if (this.done) throw this.trap(builtin, "the other end is gone, or the value has moved");
  }

  /** After an answer of BLOCKED. */
  lend(copy: Copy): void {
    this.copy = copy;
  }

  /** Takes the buffer back, for an event or a cancel. @returns what was lent */
  giveBack(builtin: string): Copy {
    this.mustBeThere(builtin);
    const copy = this.copy;
    if (copy === null) throw this.trap(builtin, "no copy is in flight");
    this.copy = null;
    return copy;
  }

  /**
   * After a result with DROPPED, and of a future with COMPLETED: nothing but drop is allowed from here on.
   */
  finish(): void {
    this.done = true;
  }

  /** Whether the guest has dropped it. */
  get isGone(): boolean {
    return this.dropped;
  }

  /** Before a drop: nothing is lent, and a future was written. */
  drop(builtin: string): void {
    this.mustBeThere(builtin);
    if (builtin === "future.drop-writable" && !this.done) throw this.trap(builtin, "nothing was written");
    if (this.copy !== null) throw this.trap(builtin, "a copy is in flight");
    this.dropped = true;
  }

  private mustBeThere(builtin: string): void {
    if (this.dropped) throw this.trap(builtin, "the end was dropped");
  }

  private trap(builtin: string, why: string): Error {
    return new Error(`trap: ${builtin} on end ${this.handle}: ${why}`);
  }
}

import type { Scheduler } from "./scheduler.js";

/** When the host answers a guest's read or write: at once, or always BLOCKED first and by an event later. */
export type CopyPolicy = "ready" | "blocking";

/** Something of the host's that can go on while the guest waits. */
export interface HostActivity {
  /** Does one thing. @returns false when there was nothing to do */
  progress(): boolean;
  /** Whether something goes from the host to the host, for which no guest waits. */
  readonly isFlowing?: boolean;
}

/**
 * The embedder's event loop: the pump of a scheduler that lets the host's activities go on, one thing a turn,
 * in turn, and then the guest's tasks that are ready.
 */
export class HostLoop {
  private readonly activities: HostActivity[] = [];
  private next = 0;
  /**
   * What embedders do when neither the host nor the guest can go on: wait for something from outside.
   * Answers false when nothing can come
   */
  idle: () => boolean = () => false;

  constructor(private readonly scheduler: Scheduler) {
    scheduler.pump = () => this.turn();
    scheduler.outside = () => this.progress();
  }

  /** Adds an activity, for as long as the loop lives. */
  add<A extends HostActivity>(activity: A): A {
    this.activities.push(activity);
    return activity;
  }

  /** Whether an activity has still to pass on what a guest has handed on. */
  get isFlowing(): boolean {
    return this.activities.some((activity) => activity.isFlowing === true);
  }

  /** Lets one thing happen. @returns false when nothing could */
  turn(): boolean {
    return this.progress() || this.scheduler.tick() || this.idle();
  }

  private progress(): boolean {
    const { length } = this.activities;
    for (let i = 0; i < length; i++) {
      const index = (this.next + i) % length;
      if (this.activities[index]!.progress()) {
        this.next = index + 1;
        return true;
      }
    }
    return false;
  }
}

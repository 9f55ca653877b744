import type { Task } from "./task.js";
import { Trap } from "../values/trap.js";

/**
 * Lets something happen outside of the core code that waits: a host end moves items, a task goes on.
 * @returns false when nothing can happen any more
 */
export type Pump = () => boolean;

/**
 * The tasks that wait in the event loop, and what is done while core code waits inside a built-in.
 *
 * V8 cannot suspend wasm without JSPI. Core code that waits in a built-in therefore stays on the stack, and
 * the built-in calls the pump until what it waits for has come. Tasks that the pump resumes run on top of
 * that stack: of two tasks that wait inside core code the later one has to end first.
 */
export class Scheduler {
  /** Tasks in the event loop, in the order in which they began to wait. */
  readonly waiting: Task[] = [];
  /** What embedders do when core code waits; by default one ready task goes on. */
  pump: Pump = () => this.tick();
  /**
   * What embedders do when core code polls and finds nothing: one thing of their
   * own, and no task of the guest's.
   */
  outside: () => void = () => undefined;

  /** Whether a task in the event loop may go on. */
  get isAnyReady(): boolean {
    return this.waiting.some((task) => task.isReady);
  }

  /** Lets the task that waited longest go on, if any is ready. */
  tick(): boolean {
    const next = this.waiting.find((task) => task.isReady);
    next?.resumeFromHost();
    return next !== undefined;
  }

  /** Pumps until `condition` holds. Traps: nothing can happen any more. `what` says what is waited for */
  pumpUntil(condition: () => boolean, what: string): void {
    while (!condition()) {
      if (!this.pump())
        throw new Trap(`deadlock: ${what}, and nothing that could end the wait can happen any more`);
    }
  }
}

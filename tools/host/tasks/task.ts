import type { ComponentInstance } from "./component-instance.js";
import { trapIf } from "../values/trap.js";
import type { Value } from "../values/value.js";

/** How far a task has come, and whether its cancellation was asked for and told. */
export type TaskState = "initial" | "started" | "pending-cancel" | "cancel-delivered" | "resolved";

/** What a caller of a guest's export learns: the value, or `null` when the task was cancelled. */
export type OnResolve = (result: { readonly value: Value } | null) => void;

/** What a task needs to know of its function. */
export interface TaskFunction {
  /** The function type is `async`: its tasks may wait. */
  readonly async: boolean;
  /** Only one such task runs core code at a time: lifted synchronously or with a callback. */
  readonly exclusive: boolean;
  /** Lifted with the canonical `async` option, so results come through `task.return`. */
  readonly returnsByBuiltIn: boolean;
}

/**
 * One call of a guest's export, from the call until its core code is done.
 *
 *     initial --start--> started --requestCancellation--> pending-cancel --+
 *        |                  |  \------------(it can be told at once)-------+--> cancel-delivered
 *        |                  |                                                        |
 *        |                  +-----------------------return-------------------> resolved <--return, cancel
 *        +--(cancelled before it started)--> cancel-delivered --> resolved
 *
 * Spec: CanonicalABI.md, "Tasks" and "Threads"; a task has one thread here
 */
export class Task {
  /** How far the task has come. */
  state: TaskState = "initial";
  /** The task's core code is done, or never ran because the task was cancelled before. */
  ended = false;
  /** Borrowed handles that the task has not dropped yet. */
  borrows = 0;
  /** The task's `context` slots. */
  readonly context: [number, number] = [0, 0];
  private loopWait: { ready: () => boolean; then: (cancelled: boolean) => void } | null = null;
  private coreWait: { cancelled: boolean } | null = null;

  constructor(
    readonly instance: ComponentInstance,
    readonly func: TaskFunction,
    private readonly onResolve: OnResolve,
  ) {}

  /** The task waits in the event loop, and what it waits for has come. */
  get isReady(): boolean {
    return this.loopWait?.ready() ?? false;
  }

  /** The task waits in the event loop. */
  get isWaiting(): boolean {
    return this.loopWait !== null;
  }

  /**
   * Goes back to the event loop until `ready` holds or, if `cancellable`, the
   * task is cancelled; then `then` runs.
   */
  waitInLoop(ready: () => boolean, cancellable: boolean, then: (cancelled: boolean) => void): void {
    if (cancellable && this.deliverPendingCancel()) {
      then(true);
      return;
    }
    this.loopWait = { ready, then };
    this.instance.scheduler.waiting.push(this);
  }

  /** Goes on after `waitInLoop`. */
  resume(cancelled: boolean): void {
    const wait = this.loopWait;
    if (wait === null) throw new Error("the task does not wait in the event loop");
    this.loopWait = null;
    const { waiting } = this.instance.scheduler;
    waiting.splice(waiting.indexOf(this), 1);
    wait.then(cancelled);
  }

  /** Goes on after `waitInLoop`, called by whoever runs the event loop. */
  resumeFromHost(): void {
    this.instance.enter(() => {
      this.resume(false);
    });
  }

  /**
   * Waits inside core code until `condition` holds or, if `cancellable`, the task is cancelled.
   * @returns true when it was cancelled
   * Traps: nothing can end the wait; the function type is not async and nothing of the instance is ready
   */
  blockUntil(condition: () => boolean, what: string, cancellable = false): boolean {
    if (cancellable && this.deliverPendingCancel()) return true;
    if (condition()) return false;
    if (!this.func.async) {
      this.waitWithoutLeaving(condition, what);
      return false;
    }
    return this.suspendInCore(cancellable, (wait) => {
      this.instance.scheduler.pumpUntil(() => wait.cancelled || condition(), what);
    });
  }

  /** Lets others go on once, from inside core code. @returns true when the task was cancelled */
  yieldOnce(cancellable: boolean): boolean {
    if (cancellable && this.deliverPendingCancel()) return true;
    if (!this.func.async) return false;
    return this.suspendInCore(cancellable, () => this.instance.scheduler.pump());
  }

  private suspendInCore(
    cancellable: boolean,
    meanwhile: (wait: { readonly cancelled: boolean }) => void,
  ): boolean {
    const wait = { cancelled: false };
    if (cancellable) this.coreWait = wait;
    this.instance.suspended(() => {
      meanwhile(wait);
    });
    this.coreWait = null;
    return wait.cancelled;
  }

  /** A function that is not async may only wait for other tasks of the instance that are ready to go on. */
  waitWithoutLeaving(condition: () => boolean, what: string): void {
    const { instance } = this;
    const isCandidate = (task: Task): boolean =>
      task.instance === instance && task !== instance.exclusive && task.isReady;
    while (!condition()) {
      const next = instance.scheduler.waiting.find(isCandidate);
      trapIf(next === undefined, `${what} has to wait, but the function's type is not async`);
      next!.resume(false);
    }
  }

  /** Runs core code of the task. */
  runCore<R>(core: () => R): R {
    const { instance } = this;
    const outer = instance.current;
    instance.current = this;
    const result = core();
    instance.current = outer;
    return result;
  }

  /**
   * The caller asks the task to stop. It is told at once if it waits where it
   * can be told, else at its next chance.
   */
  requestCancellation(): void {
    const { instance } = this;
    if (this.state === "initial") {
      this.state = "cancel-delivered";
      this.resume(true);
      return;
    }
    if (this.state !== "started") return;
    const lockedOut = this.func.exclusive && instance.exclusive !== null && instance.exclusive !== this;
    const waits = this.coreWait !== null || (this.loopWait !== null && !lockedOut);
    if (!waits || !instance.mayEnter) {
      this.state = "pending-cancel";
      return;
    }
    this.state = "cancel-delivered";
    if (this.coreWait !== null) this.coreWait.cancelled = true;
    else
      instance.enter(() => {
        this.resume(true);
      });
  }

  /** Takes note that the task is being told of its cancellation. @returns false when there is none to tell */
  deliverPendingCancel(): boolean {
    if (this.state !== "pending-cancel") return false;
    this.state = "cancel-delivered";
    return true;
  }

  /** The task has its result. Traps: it was resolved before; borrowed handles are left */
  return(value: Value): void {
    trapIf(this.state === "resolved", "the task returns, but it was resolved before");
    this.checkBorrows();
    this.onResolve({ value });
    this.state = "resolved";
  }

  /** The task gives up. Traps: it was not told to; borrowed handles are left */
  cancel(): void {
    trapIf(this.state !== "cancel-delivered", "task.cancel: the task was not told that it is cancelled");
    this.checkBorrows();
    this.onResolve(null);
    this.state = "resolved";
  }

  /** The task's core code is done. Traps: it was not resolved */
  exit(): void {
    trapIf(this.state !== "resolved", "the task ends without task.return or task.cancel");
    if (this.func.exclusive && this.func.async) this.instance.exclusive = null;
    this.ended = true;
  }

  private checkBorrows(): void {
    trapIf(this.borrows > 0, `the task ends while it holds ${this.borrows} borrowed handles`);
  }
}

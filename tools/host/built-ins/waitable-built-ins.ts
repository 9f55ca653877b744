/**
 * The built-ins on waitables, their sets, and subtasks.
 *
 * Spec: CanonicalABI.md, "canon waitable-set.new" to "canon subtask.drop"
 */
import { InstanceHandles } from "../calls/instance-handles.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import { BLOCKED } from "./copy-built-ins.js";
import { LiftLowerContext, type LiftLowerOptions } from "../values/lift-lower-context.js";
import { Subtask } from "../tasks/subtask.js";
import { trapIf } from "../values/trap.js";
import { EventCode, Waitable, type Event } from "../tasks/waitable.js";
import { WaitableSet, type ChooseEvent } from "../tasks/waitable-set.js";

const A_SET = "a waitable set";

/** `waitable-set.new`. @returns the set's handle */
export function waitableSetNew(instance: ComponentInstance, choose?: ChooseEvent): number {
  instance.checkMayLeave();
  return instance.handles.add(new WaitableSet(choose));
}

/**
 * `waitable-set.wait`: waits for an event of the set, stores its two words at `ptr`.
 * @returns the event's code
 * Traps: no set; `ptr` misaligned or out of bounds; nothing can end the wait
 */
export function waitableSetWait(
  instance: ComponentInstance,
  options: LiftLowerOptions,
  cancellable: boolean,
  handle: number,
  ptr: number,
): number {
  const task = instance.currentTask;
  instance.checkMayLeave();
  const set = instance.handles.get(handle, WaitableSet, A_SET);
  set.waiting++;
  const cancelled = task.blockUntil(() => set.hasPendingEvent, "waitable-set.wait", cancellable);
  const event: Event = cancelled ? [EventCode.TASK_CANCELLED, 0, 0] : set.takePendingEvent();
  set.waiting--;
  return storeEvent(instance, options, ptr, event);
}

/**
 * `waitable-set.poll`: as `wait`, but the code is NONE when there is no event. The embedder may do one
 * thing when that is said, which a later poll finds, so that a guest that polls comes to an end; the
 * reference definition lets nothing happen here.
 */
export function waitableSetPoll(
  instance: ComponentInstance,
  options: LiftLowerOptions,
  cancellable: boolean,
  handle: number,
  ptr: number,
): number {
  const task = instance.currentTask;
  instance.checkMayLeave();
  const set = instance.handles.get(handle, WaitableSet, A_SET);
  if (cancellable && task.deliverPendingCancel())
    return storeEvent(instance, options, ptr, [EventCode.TASK_CANCELLED, 0, 0]);
  const event = set.poll();
  if (event[0] === EventCode.NONE) instance.scheduler.outside();
  return storeEvent(instance, options, ptr, event);
}

function storeEvent(
  instance: ComponentInstance,
  options: LiftLowerOptions,
  ptr: number,
  event: Event,
): number {
  const cx = new LiftLowerContext(options, new InstanceHandles(instance));
  cx.checkRange(ptr, 8, 4, "the event's place");
  cx.memory.view.setUint32(ptr, event[1], true);
  cx.memory.view.setUint32(ptr + 4, event[2], true);
  return event[0];
}

/** `waitable-set.drop`. Traps: no set; members are left; a task waits for it */
export function waitableSetDrop(instance: ComponentInstance, handle: number): void {
  instance.checkMayLeave();
  instance.handles.remove(handle, WaitableSet, A_SET).drop();
}

/**
 * `waitable.join`: moves a waitable into a set, or out of any with set 0.
 * Traps: a synchronous built-in waits for it
 */
export function waitableJoin(instance: ComponentInstance, handle: number, set: number): void {
  instance.checkMayLeave();
  const waitable = instance.handles.get(handle, Waitable, "a waitable");
  trapIf(waitable.hasSyncWaiter, "waitable.join: a synchronous built-in waits for the waitable");
  waitable.join(set === 0 ? null : instance.handles.get(set, WaitableSet, A_SET));
}

/**
 * `subtask.cancel`: asks the callee to stop.
 * @returns BLOCKED, or the state that the call came to
 * Traps: no subtask; asked before; the outcome was delivered; synchronous while in a set
 */
export function subtaskCancel(instance: ComponentInstance, async: boolean, handle: number): number {
  const task = instance.currentTask;
  instance.checkMayLeave();
  const subtask = instance.handles.get(handle, Subtask, "a subtask");
  requireRunning(subtask, async);
  if (!subtask.resolved) {
    subtask.cancellationRequested = true;
    subtask.onCancel();
  }
  if (!subtask.resolved) {
    if (async) return BLOCKED;
    subtask.hasSyncWaiter = true;
    task.blockUntil(() => subtask.resolved, "a synchronous subtask.cancel");
    subtask.hasSyncWaiter = false;
  }
  return subtask.takePendingEvent()[2];
}

/** Before a cancel. Traps: asked before; the outcome was delivered; synchronous while in a set */
export function requireRunning(subtask: Subtask, async: boolean): void {
  trapIf(subtask.resolveDelivered, "subtask.cancel: the subtask's outcome was delivered");
  trapIf(subtask.cancellationRequested, "subtask.cancel: cancellation was asked for before");
  trapIf(
    subtask.set !== null && !async,
    "subtask.cancel: synchronous while the subtask is in a waitable set",
  );
}

/** `subtask.drop`. Traps: no subtask; its outcome was not delivered */
export function subtaskDrop(instance: ComponentInstance, handle: number): void {
  instance.checkMayLeave();
  instance.handles.remove(handle, Subtask, "a subtask").drop();
}

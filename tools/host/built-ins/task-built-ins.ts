/**
 * The built-ins on the current task: its result, its cancellation, its context
 * slots, yielding, and backpressure.
 *
 * Spec: CanonicalABI.md, "canon context.get" to "canon task.cancel", "canon thread.yield"
 */
import { InstanceHandles } from "../calls/instance-handles.js";
import { MAX_FLAT_PARAMS, typesEqual } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import { CoreValues, liftValues, type CoreValue } from "../values/flat.js";
import { functionOf } from "../calls/lift.js";
import { LiftLowerContext, type LiftLowerOptions } from "../values/lift-lower-context.js";
import { trapIf } from "../values/trap.js";

/** Backpressure counts below this. */
const BACKPRESSURE_LIMIT = 2 ** 16;

/**
 * `task.return`: lifts the result from core values.
 * Traps: the task's function is lifted synchronously or has another result type;
 * resolved before; borrows left
 */
export function taskReturn(
  instance: ComponentInstance,
  options: LiftLowerOptions,
  resultType: ValueType | null,
  args: readonly CoreValue[],
): void {
  const task = instance.currentTask;
  instance.checkMayLeave();
  trapIf(!task.func.returnsByBuiltIn, "task.return: the function returns its result itself");
  const { result } = functionOf(task).type;
  trapIf(!typesEqual(result, resultType), "task.return: the result type is not that of the task's function");
  const cx = new LiftLowerContext(options, new InstanceHandles(instance, task));
  const types = result === null ? [] : [result];
  const [value] = liftValues(cx, MAX_FLAT_PARAMS, new CoreValues(args), types);
  task.return(value ?? null);
}

/** `task.cancel`. Traps: the task was not told of a cancellation; lifted synchronously; borrows left */
export function taskCancel(instance: ComponentInstance): void {
  const task = instance.currentTask;
  instance.checkMayLeave();
  trapIf(!task.func.returnsByBuiltIn, "task.cancel: the function returns its result itself");
  task.cancel();
}

/** `context.get`. */
export function contextGet(instance: ComponentInstance, slot: 0 | 1): number {
  return instance.currentTask.context[slot];
}

/** `context.set`. */
export function contextSet(instance: ComponentInstance, slot: 0 | 1, value: number): void {
  instance.currentTask.context[slot] = value;
}

/** `thread.yield`: lets others go on once. @returns 1 when the task is cancelled, else 0 */
export function threadYield(instance: ComponentInstance, cancellable: boolean): number {
  const task = instance.currentTask;
  instance.checkMayLeave();
  return task.yieldOnce(cancellable) ? 1 : 0;
}

/** `backpressure.inc`. Traps: 2^16 times */
export function backpressureInc(instance: ComponentInstance): void {
  instance.backpressure++;
  trapIf(instance.backpressure === BACKPRESSURE_LIMIT, "backpressure.inc: called 2^16 times");
}

/** `backpressure.dec`. Traps: more often than `inc` */
export function backpressureDec(instance: ComponentInstance): void {
  trapIf(instance.backpressure === 0, "backpressure.dec: called more often than backpressure.inc");
  instance.backpressure--;
}

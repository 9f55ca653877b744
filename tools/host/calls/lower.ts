/**
 * The guest's calls of its imports.
 *
 * Spec: CanonicalABI.md, "canon lower"
 */
import { InstanceHandles } from "./instance-handles.js";
import { MAX_FLAT_ASYNC_PARAMS, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import { CoreValues, liftValues, lowerValues, type CoreValue } from "../values/flat.js";
import { LiftLowerContext, type LiftLowerOptions } from "../values/lift-lower-context.js";
import { Subtask, SubtaskState } from "../tasks/subtask.js";
import type { Value } from "../values/value.js";
import { EventCode } from "../tasks/waitable.js";

/** What the host's function has to do with a call. Each of the three is done once at most, in this order. */
export interface HostCall {
  /** The call starts: lifts the arguments, now. Traps: what the guest passed cannot be lifted */
  start(): Value[];
  /** The call returns: lowers the result, now (nothing for a function without result). */
  return(value?: Value): void;
  /** Instead of `return`: the call was cancelled, before or after it started. */
  cancelled(): void;
}

/**
 * A function of the host's that a guest imports. It may settle the call at once
 * or keep `call` and do it later.
 * @returns what is done when the guest asks for cancellation; by default nothing, and the call goes on
 */
export type HostFunction = (call: HostCall) => (() => void) | undefined;

/** A host function that answers at once. */
export function immediate(body: (...args: Value[]) => Value | undefined): HostFunction {
  return (call) => {
    call.return(body(...call.start()));
    return undefined;
  };
}

/** An import of a guest as it was lowered. */
export interface LoweredFunction {
  readonly type: Pick<FunctionType, "params" | "result">;
  readonly options: LiftLowerOptions;
  /** The canonical `async` option. */
  readonly async: boolean;
  readonly callee: HostFunction;
}

/**
 * The guest calls an import.
 * @returns sync: the core results. async: the state, and unless it is RETURNED the subtask's handle << 4
 */
export function callImport(
  instance: ComponentInstance,
  func: LoweredFunction,
  args: readonly CoreValue[],
): CoreValue[] {
  const task = instance.currentTask;
  instance.checkMayLeave();
  const call = new ImportCall(instance, func, new CoreValues(args));
  const { subtask } = call;
  subtask.onCancel = func.callee(call) ?? subtask.onCancel;
  if (!func.async) {
    task.blockUntil(() => subtask.resolved, "a call of an import");
    subtask.deliverResolve();
    return call.flatResults;
  }
  if (subtask.resolved) {
    subtask.deliverResolve();
    return [SubtaskState.RETURNED];
  }
  return [subtask.state + call.track() * 16];
}

/** One call of an import. */
class ImportCall implements HostCall {
  readonly subtask = new Subtask();
  flatResults: CoreValue[] = [];
  private handle: number | null = null;
  private readonly cx: LiftLowerContext;

  constructor(
    private readonly instance: ComponentInstance,
    private readonly func: LoweredFunction,
    private readonly args: CoreValues,
  ) {
    this.cx = new LiftLowerContext(func.options, new InstanceHandles(instance, this.subtask));
  }

  /** Gives the call a handle: from now on progress makes events. */
  track(): number {
    this.handle = this.instance.handles.add(this.subtask);
    return this.handle;
  }

  start(): Value[] {
    if (this.subtask.state !== SubtaskState.STARTING) throw new Error("the call was started before");
    this.noteProgress();
    this.subtask.state = SubtaskState.STARTED;
    const maxFlat = this.func.async ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS;
    return liftValues(
      this.cx,
      maxFlat,
      this.args,
      this.func.type.params.map((param) => param.type),
    );
  }

  return(value: Value = null): void {
    if (this.subtask.state !== SubtaskState.STARTED)
      throw new Error("the call is not started, or is settled");
    this.noteProgress();
    const { result } = this.func.type;
    if (result !== null) {
      this.flatResults = lowerValues(
        this.cx,
        this.func.async ? 0 : MAX_FLAT_RESULTS,
        [value],
        [result],
        this.args,
      );
    }
    this.subtask.state = SubtaskState.RETURNED;
  }

  cancelled(): void {
    const { subtask } = this;
    if (subtask.resolved) throw new Error("the call is settled");
    if (!subtask.cancellationRequested) throw new Error("the guest did not ask for the call's cancellation");
    this.noteProgress();
    const before = subtask.state === SubtaskState.STARTING;
    subtask.state = before ? SubtaskState.CANCELLED_BEFORE_STARTED : SubtaskState.CANCELLED_BEFORE_RETURNED;
  }

  private noteProgress(): void {
    const { handle, subtask } = this;
    if (handle === null) return;
    subtask.setPendingEvent(() => {
      if (subtask.resolved) subtask.deliverResolve();
      return [EventCode.SUBTASK, handle, subtask.state];
    });
  }
}

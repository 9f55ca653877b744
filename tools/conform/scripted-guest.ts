/** The guest's steps of a script: calls of built-ins and imports. */
import {
  copyCancel,
  copyDrop,
  copyNew,
  copyStart,
  type CopyTarget,
} from "../host/built-ins/copy-built-ins.js";
import type { ComponentInstance } from "../host/tasks/component-instance.js";
import type { LiftLowerOptions } from "../host/values/lift-lower-context.js";
import * as task from "../host/built-ins/task-built-ins.js";
import * as waitable from "../host/built-ins/waitable-built-ins.js";
import type { ValueType } from "../wit/model.js";
import type { Step } from "./script.js";
import { typeOf } from "./script-values.js";

/** What a step gave: the same names as in a script. */
export type StepResult = Pick<Step, "ret" | "ret64" | "event" | "events">;

/** The instance, and how its values are lifted and lowered. */
export interface BuiltInEnvironment {
  readonly instance: ComponentInstance;
  readonly options: LiftLowerOptions & { memory: NonNullable<LiftLowerOptions["memory"]> };
  readonly types: readonly (ValueType | null)[];
}

const copyOp = /^(stream|future)\.(?:(new)|(read|write)|cancel-(read|write)|drop-(readable|writable))$/;

/** Calls the built-in that a guest's step names. @returns null when the step is none of a built-in */
export function callBuiltIn(env: BuiltInEnvironment, step: Step): StepResult | null {
  const match = copyOp.exec(step.op);
  if (match) return copyBuiltIn(env, step, match);
  const { instance, options } = env;
  const [i, set, ptr] = [step.i ?? 0, step.set ?? 0, step.ptr ?? 0];
  switch (step.op) {
    case "waitable-set.new":
      return { ret: waitable.waitableSetNew(instance) };
    case "waitable-set.poll":
      return withEvent(
        env,
        ptr,
        waitable.waitableSetPoll(instance, options, step.cancellable ?? false, set, ptr),
      );
    case "waitable-set.wait":
      return withEvent(
        env,
        ptr,
        waitable.waitableSetWait(instance, options, step.cancellable ?? false, set, ptr),
      );
    case "drain":
      return { events: drain(env, set, ptr) };
    case "waitable-set.drop":
      waitable.waitableSetDrop(instance, i);
      return {};
    case "waitable.join":
      waitable.waitableJoin(instance, i, set);
      return {};
    case "subtask.cancel":
      return { ret: waitable.subtaskCancel(instance, step.async ?? false, i) };
    case "subtask.drop":
      waitable.subtaskDrop(instance, i);
      return {};
    case "task.return":
      task.taskReturn(instance, options, typeOf(step.type === undefined ? "u32" : step.type), [
        step.value as number,
      ]);
      return {};
    case "task.cancel":
      task.taskCancel(instance);
      return {};
    case "backpressure.inc":
      task.backpressureInc(instance);
      return {};
    case "backpressure.dec":
      task.backpressureDec(instance);
      return {};
    case "context.set":
      task.contextSet(instance, step.slot as 0 | 1, step.value as number);
      return {};
    case "context.get":
      return { ret: task.contextGet(instance, step.slot as 0 | 1) };
    default:
      return null;
  }
}

function copyBuiltIn(env: BuiltInEnvironment, step: Step, match: RegExpExecArray): StepResult {
  const { instance, options } = env;
  const [, kind, isNew, start, cancel, drop] = match;
  const elementType = env.types[step.ty!]!;
  if (isNew) {
    const pair = copyNew(instance, kind as "stream" | "future", elementType);
    return { ret64: `0x${pair.toString(16).padStart(16, "0")}` };
  }
  const direction = start ?? cancel ?? (drop === "writable" ? "write" : "read");
  const target = { kind, direction, elementType } as CopyTarget;
  const handle = step.i!;
  const async = step.async ?? false;
  if (drop) {
    copyDrop(instance, target, handle);
    return {};
  }
  if (cancel) return { ret: copyCancel(instance, target, async, handle) };
  const range = { ptr: step.ptr!, length: kind === "future" ? 1 : step.n! };
  return { ret: copyStart(instance, target, { ...options, async }, handle, range) };
}

/** An event's code together with the words at `ptr`. */
function withEvent({ options }: BuiltInEnvironment, ptr: number, ret: number): StepResult {
  const { view } = options.memory;
  return { ret, event: [ret, view.getUint32(ptr, true), view.getUint32(ptr + 4, true)] };
}

function drain(env: BuiltInEnvironment, set: number, ptr: number): number[][] {
  const events: number[][] = [];
  for (;;) {
    const { event } = withEvent(
      env,
      ptr,
      waitable.waitableSetPoll(env.instance, env.options, false, set, ptr),
    );
    if (event === undefined || event[0] === 0) break;
    events.push([...event]);
  }
  return events.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!);
}

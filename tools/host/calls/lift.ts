/**
 * Calls of the guest's exports.
 *
 * Spec: CanonicalABI.md, "canon lift"
 */
import { InstanceHandles } from "./instance-handles.js";
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import { CoreValues, liftValues, lowerValues, type CoreValue } from "../values/flat.js";
import { LiftLowerContext, type LiftLowerOptions } from "../values/lift-lower-context.js";
import { Task, type OnResolve } from "../tasks/task.js";
import { trapIf, trapOnThrow } from "../values/trap.js";
import type { Value } from "../values/value.js";
import { EventCode, type Event } from "../tasks/waitable.js";
import { WaitableSet } from "../tasks/waitable-set.js";

/** A core function: takes core values, gives at most one. */
export type CoreFunction = (...args: CoreValue[]) => CoreValue | undefined;

/** An export of a guest as it was lifted. */
export interface LiftedFunction {
  readonly type: Pick<FunctionType, "params" | "result" | "async">;
  readonly options: LiftLowerOptions;
  readonly core: CoreFunction;
  /** `sync`: results come as core results. `callback`, `stackful`: they come through `task.return`. */
  readonly style: "sync" | "callback" | "stackful";
  readonly callback?: CoreFunction;
  readonly postReturn?: CoreFunction;
}

/** What a callback-lifted function's core code answers, in the low four bits. */
const CallbackCode = { EXIT: 0, YIELD: 1, WAIT: 2 } as const;

/** Gives the arguments, when the task starts. */
export type OnStart = () => readonly Value[];

/**
 * Calls an export. It runs until it is done or waits in the event loop; how it came out, `onResolve` hears.
 * Traps: the instance is entered while its core code runs; whatever the guest does wrong
 */
export function callExport(
  instance: ComponentInstance,
  func: LiftedFunction,
  onStart: OnStart,
  onResolve: OnResolve,
): Task {
  const { type } = func;
  const exclusive = func.style !== "stackful";
  const task = new Task(
    instance,
    { async: type.async, exclusive, returnsByBuiltIn: func.style !== "sync" },
    onResolve,
  );
  taskFunctions.set(task, func);
  instance.enter(() => {
    enterTask(task, () => {
      runTask(task, func, onStart);
    });
    if (!type.async) task.waitWithoutLeaving(() => task.state === "resolved", "the call");
  });
  return task;
}

const taskFunctions = new WeakMap<Task, LiftedFunction>();

/** The export that a task was made for. */
export function functionOf(task: Task): LiftedFunction {
  return taskFunctions.get(task)!;
}

/** Waits for backpressure and the lock, and for those who wait for them already; then `start` runs. */
function enterTask(task: Task, start: () => void): void {
  const { instance, func } = task;
  const mustWait = (): boolean =>
    instance.backpressure > 0 || (func.exclusive && instance.exclusive !== null);
  const enter = (): void => {
    if (func.async && func.exclusive) instance.exclusive = task;
    start();
  };
  if (!func.async || (!mustWait() && instance.waitingToEnter === 0)) {
    enter();
    return;
  }
  instance.waitingToEnter++;
  task.waitInLoop(
    () => !mustWait(),
    true,
    (cancelled) => {
      instance.waitingToEnter--;
      if (!cancelled) {
        enter();
        return;
      }
      task.cancel();
      task.ended = true;
    },
  );
}

function runTask(task: Task, func: LiftedFunction, onStart: OnStart): void {
  const cx = new LiftLowerContext(func.options, new InstanceHandles(task.instance, task));
  task.state = "started";
  const types = func.type.params.map((param) => param.type);
  const args = task.runCore(() => trapOnThrow(() => lowerValues(cx, MAX_FLAT_PARAMS, onStart(), types)));
  const answer = runCore(task, func.core, args);
  if (func.style === "callback") {
    followCallback(task, func, answer);
    return;
  }
  if (func.style === "sync") returnSynchronously(task, func, cx, answer);
  task.exit();
}

function runCore(task: Task, core: CoreFunction, args: readonly CoreValue[]): CoreValue | undefined {
  return task.runCore(() => trapOnThrow(() => core(...args)));
}

function returnSynchronously(
  task: Task,
  func: LiftedFunction,
  cx: LiftLowerContext,
  answer: CoreValue | undefined,
): void {
  const { result } = func.type;
  const flat = answer === undefined ? [] : [answer];
  if (result === null) task.return(null);
  else task.return(liftValues(cx, MAX_FLAT_RESULTS, new CoreValues(flat), [result])[0]!);
  const { postReturn } = func;
  if (postReturn !== undefined) task.instance.withoutLeaving(() => runCore(task, postReturn, flat));
}

/** Does what the core code asked for with its answer, and goes on until it waits or exits. */
function followCallback(task: Task, func: LiftedFunction, answer: CoreValue | undefined): void {
  const packed = Number(answer) >>> 0;
  const code = packed & 0xf;
  trapIf(code > CallbackCode.WAIT, `the callback's answer has the unknown code ${code}`);
  if (code === CallbackCode.EXIT) {
    task.exit();
    return;
  }
  const { instance } = task;
  const set =
    code === CallbackCode.WAIT ? instance.handles.get(packed >>> 4, WaitableSet, "a waitable set") : null;
  instance.exclusive = null;
  if (set !== null) set.waiting++;
  const ready = (): boolean => instance.exclusive === null && (set?.hasPendingEvent ?? true);
  task.waitInLoop(ready, true, (cancelled) => {
    const event = nextEvent(set, cancelled);
    if (set !== null) set.waiting--;
    instance.exclusive = task;
    followCallback(task, func, runCore(task, func.callback!, event));
  });
}

function nextEvent(set: WaitableSet | null, cancelled: boolean): Event {
  if (cancelled) return [EventCode.TASK_CANCELLED, 0, 0];
  return set === null ? [EventCode.NONE, 0, 0] : set.takePendingEvent();
}

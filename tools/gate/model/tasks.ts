/** The guest's tasks, as the host keeps them: their results, what they borrow, their cancellation. */
import {
  backpressureDec,
  backpressureInc,
  contextGet,
  contextSet,
  taskCancel,
} from "../../host/built-ins/task-built-ins.js";
import { Task } from "../../host/tasks/task.js";
import { CoreValues, type CoreValue, liftValues } from "../../host/values/flat.js";
import type { Value } from "../../host/values/value.js";
import { MAX_FLAT_PARAMS, typesEqual } from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import type { Expectations, Given } from "./expectations.js";
import type { Run } from "./run.js";
import type { Values } from "./values.js";

/** A call of the guest's that is being made. */
interface Call {
  readonly func: FunctionType;
  readonly task: Task;
  given: Given;
}

const NOTHING_GIVEN: Given = { params: [], ends: [] };

/** All tasks that are there, the one whose code runs last. */
export class Tasks {
  private calls: Call[] = [];

  constructor(
    private readonly run: Run,
    private readonly values: Values,
    private readonly expectations: Expectations,
  ) {}

  /** Forgets all. */
  reset(): void {
    this.calls = [];
  }

  /** Runs a call of `func`. @param body is given its task */
  call(func: FunctionType, body: (task: Task) => void): void {
    const kind = { async: func.async, exclusive: true, returnsByBuiltIn: func.async };
    const task = new Task(this.values.instance, kind, () => undefined);
    task.state = "started";
    this.calls.push({ func, task, given: NOTHING_GIVEN });
    body(task);
    this.calls.pop();
  }

  /** What the call that is being made was given. */
  give(given: Given): void {
    this.current("a call").given = given;
  }

  private current(name: string): Call {
    const call = this.calls.at(-1);
    if (!call) throw this.run.broken("illegal-call", `${name}: no task runs`);
    return call;
  }

  /** The task's code is over. */
  exit(): void {
    const { func, task } = this.current("the end of a task");
    this.run.judged(`the task of \`${func.name}\``, () => {
      task.exit();
    });
    if (this.calls.length === 1 && this.values.instance.backpressure > 0)
      throw this.run.broken("illegal-call", "the task ends and leaves backpressure: no other can ever begin");
  }

  /** `task.return` of `func`. */
  returned(func: FunctionType, args: readonly CoreValue[]): void {
    const name = `task.return of \`${func.name}\``;
    this.run.note(name);
    const call = this.current(name);
    const { result } = func;
    this.run.judged(name, () => {
      this.values.instance.checkMayLeave();
    });
    if (!call.task.func.returnsByBuiltIn || !typesEqual(call.func.result, result))
      throw this.run.broken("illegal-call", `${name}: the task is one of \`${call.func.name}\``);
    if (result === null) {
      this.resolve(call, name, null);
      return;
    }
    const [value] = this.values.passed(name, () =>
      liftValues(this.values.lifting(), MAX_FLAT_PARAMS, new CoreValues(args), [result]),
    );
    this.run.witnessValue(value!);
    this.resolve(call, name, value!);
  }

  /** A sync function has answered. */
  answered(value: Value): void {
    const call = this.current("a result");
    this.resolve(call, `the result of \`${call.func.name}\``, value);
  }

  private resolve({ func, task, given }: Call, name: string, value: Value): void {
    if (func.result !== null && task.state !== "resolved") this.expectations.result(func.name, given, value);
    if (task.borrows > 0)
      throw this.run.broken("released-never", `${name}: the task still borrows ${task.borrows} resources`);
    this.run.judged(name, () => {
      task.return(value);
    });
  }

  /** `task.cancel`. */
  cancelled(): void {
    this.run.note("task.cancel");
    this.run.judged("task.cancel", () => {
      taskCancel(this.values.instance);
    });
  }

  /** `context.get` of slot 0. */
  context(): number {
    return contextGet(this.values.instance, 0);
  }

  /** `context.set` of slot 0. */
  setContext(value: number): void {
    contextSet(this.values.instance, 0, value);
  }

  /** `backpressure.inc` or `backpressure.dec`. */
  press(up: boolean): void {
    const name = up ? "backpressure.inc" : "backpressure.dec";
    this.run.noteWaiting(name);
    this.run.judged(name, () => {
      (up ? backpressureInc : backpressureDec)(this.values.instance);
    });
  }

  /** Tasks that could be cancelled, and were not. */
  get cancellable(): number {
    return this.calls.filter(({ task }) => task.state === "started").length;
  }

  /**
   * Words that make the state, for hashing: that a task was cancelled makes no other state,
   * for the guest has to know it by itself.
   */
  words(take: (word: number) => void): void {
    take(this.values.instance.backpressure | (this.calls.length << 16));
    for (const { task } of this.calls) {
      take(task.borrows | (task.state === "resolved" ? 1 << 16 : 0));
      take(task.context[0]);
    }
  }
}

/** Replays conformance scripts on the V8 host. */
import { ComponentInstance } from "../host/tasks/component-instance.js";
import type { CoreValue } from "../host/values/flat.js";
import { callExport, type LiftedFunction } from "../host/calls/lift.js";
import type { LiftLowerOptions } from "../host/values/lift-lower-context.js";
import type { OnResolve, Task } from "../host/tasks/task.js";
import { taskReturn } from "../host/built-ins/task-built-ins.js";
import { Trap } from "../host/values/trap.js";
import { expectEqual, Mismatch } from "./mismatch.js";
import { ScriptedHost } from "./host-steps.js";
import type { Case, ScriptFile, Step, Turn } from "./script.js";
import { callBuiltIn } from "./scripted-guest.js";
import { ScriptedMemory } from "./scripted-memory.js";
import { typeOf, valueType } from "./script-values.js";

/** How core code is stood in for. */
export interface CoreStandIn {
  /** The guest's memory; plain bytes without it. */
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Calls `body` from core code. */
  call(body: () => void): void;
}

/**
 * Replays one case.
 * @param core core code for the guest's calls to go through; without it built-ins are called directly
 * @throws Mismatch at the first result that is not the script's
 */
export function replayCase(file: ScriptFile, script: Case, core?: CoreStandIn): void {
  try {
    new Replay(file, script, core).run();
  } catch (error) {
    if (!(error instanceof ExpectedTrap)) throw error;
  }
}

/** A trap that the script expects has come; the script ends there. */
class ExpectedTrap extends Error {}

/** What belongs to the step at hand: the steps inside it, and what happened in it. */
interface StepScope {
  readonly step: Step;
  readonly turns: Turn[];
  blocked: readonly Step[] | null;
  during: readonly Step[] | null;
  started: boolean;
  resolved: Step["resolved"];
}

class Replay {
  private readonly memory: ScriptedMemory;
  private readonly options: LiftLowerOptions & { memory: ScriptedMemory["memory"] };
  private readonly instance = new ComponentInstance();
  private readonly types;
  private readonly host: ScriptedHost;
  private readonly tasks: (Task | null)[] = [];
  private scope: StepScope | null = null;

  constructor(
    file: ScriptFile,
    private readonly script: Case,
    private readonly core: CoreStandIn | undefined,
  ) {
    this.memory = new ScriptedMemory(file, core?.memory);
    this.options = { encoding: "utf8", memory: this.memory.memory, realloc: this.memory.realloc };
    this.types = script.types.map(typeOf);
    const functions = (script.funcs ?? []).map((func) => ({
      params: func.params.map(valueType),
      result: typeOf(func.result),
    }));
    this.host = new ScriptedHost(this.instance, this.options, this.types, functions, () => {
      this.runDuring();
    });
    this.instance.scheduler.pump = () => this.runBlocked();
  }

  run(): void {
    const { task, steps } = this.script;
    if (task === undefined) {
      this.runSteps(steps);
      return;
    }
    const async = task === "async";
    const body = (): undefined => {
      this.runSteps(steps);
      if (async) taskReturn(this.instance, this.options, null, []);
    };
    const func: LiftedFunction = {
      type: { params: [], result: null, async },
      options: this.options,
      core: body,
      style: async ? "stackful" : "sync",
    };
    callExport(
      this.instance,
      func,
      () => [],
      () => undefined,
    );
  }

  private runSteps(steps: readonly Step[]): void {
    for (const step of steps) this.runStep(step);
  }

  private runStep(step: Step): void {
    const outer = this.scope;
    const scope: StepScope = {
      step,
      turns: [...(step.turns ?? [])],
      blocked: step.blocked ?? null,
      during: step.during ?? null,
      started: false,
      resolved: undefined,
    };
    this.scope = scope;
    try {
      this.check(scope, this.perform(step));
    } catch (error) {
      throw this.judge(step, error);
    }
    this.scope = outer;
  }

  /** What an error within a step means. */
  private judge(step: Step, error: unknown): unknown {
    if (error instanceof Trap) {
      if (step.trap) return new ExpectedTrap();
      return new Mismatch(
        `${step.op} ${JSON.stringify(withoutNested(step))}`,
        "no trap",
        `trap: ${error.message}`,
      );
    }
    return error;
  }

  /** Does the step. @returns its results, under a script's names */
  private perform(step: Step): Partial<Step> {
    switch (step.op) {
      case "poke":
        this.memory.poke(step.ptr!, step.hex!);
        return {};
      case "host.call-export":
        this.callExport(step);
        return this.taskResult(step);
      case "run":
        this.tasks[step.task!]!.resumeFromHost();
        return this.taskResult(step);
      case "host.cancel-task": {
        const task = this.tasks[step.task!]!;
        task.requestCancellation();
        return { ...this.taskResult(step), delivered: task.state !== "pending-cancel" };
      }
      default:
        return this.performCall(step);
    }
  }

  /** A step that calls into the host, or one of the host's that calls nothing. */
  private performCall(step: Step): Partial<Step> {
    const env = { instance: this.instance, options: this.options, types: this.types };
    let result: Partial<Step> | null = null;
    const call = (): void => {
      result = callBuiltIn(env, step) ?? this.host.perform(step);
    };
    if (this.core === undefined || step.op.startsWith("host.")) call();
    else this.core.call(call);
    if (result === null) throw new Mismatch("op", "a step of the schema", step.op);
    return result;
  }

  /** Does the host's steps inside a call or a cancellation. */
  private runDuring(): void {
    const { scope } = this;
    const steps = scope?.during ?? [];
    if (scope !== null) scope.during = null;
    this.runSteps(steps);
  }

  /** The pump: does all that the script lets happen while the step at hand is blocked. */
  private runBlocked(): boolean {
    const { scope } = this;
    if (!scope?.blocked) return false;
    const steps = scope.blocked;
    scope.blocked = null;
    this.runSteps(steps);
    return true;
  }

  private callExport(step: Step): void {
    const number = step.task!;
    this.tasks[number] = null;
    const onResolve: OnResolve = (result) => {
      this.scope!.resolved = { task: number, value: result === null ? null : (result.value as number) };
    };
    const onStart = (): number[] => {
      this.scope!.started = true;
      return [step.arg!];
    };
    const func: LiftedFunction = {
      type: { params: [{ name: "x", type: { kind: "u32" } }], result: { kind: "u32" }, async: true },
      options: this.options,
      style: "callback",
      core: (arg) => {
        this.tasks[number] = this.instance.currentTask;
        expectEqual("the export's argument", arg, step.arg);
        return this.runTurn(undefined);
      },
      callback: (...event) => this.runTurn(event),
    };
    this.tasks[number] = callExport(this.instance, func, onStart, onResolve);
  }

  private runTurn(event: readonly CoreValue[] | undefined): number {
    const turn = this.scope?.turns.shift();
    if (turn === undefined)
      throw new Mismatch("turns", "no core code to run", event ?? "the export's core function");
    expectEqual("the callback's event", event, turn.event);
    this.runSteps(turn.body);
    return turn.code;
  }

  private taskResult(step: Step): Partial<Step> {
    return {
      status: this.tasks[step.task!]!.ended ? "exited" : "waiting",
      ready: this.tasks.flatMap((task, number) => (task?.isReady ? [number] : [])),
    };
  }

  /** Compares a step's results, all of them. */
  private check(scope: StepScope, result: Partial<Step>): void {
    const { step } = scope;
    if (step.trap || step.trap_inside)
      throw new Mismatch(step.op, `a trap (${step.why ?? "inside"})`, result);
    const where = `${step.op} ${JSON.stringify(withoutNested(step))}`;
    const isHostStart = step.op === "host.start";
    for (const key of ["ret", "ret64", "event", "events", "got", "status", "ready", "delivered"] as const) {
      expectEqual(`${where}: ${key}`, result[key], step[key]);
    }
    if (isHostStart) expectEqual(`${where}: args`, result.args, step.args);
    expectEqual(`${where}: resolved`, scope.resolved, step.resolved);
    expectEqual(`${where}: started`, scope.started, step.started ?? false);
    expectEqual(`${where}: steps while blocked`, scope.blocked, null);
    expectEqual(`${where}: turns left`, scope.turns.length, 0);
    if (scope.during !== null) throw new Mismatch(where, "the host's function to run", "no call");
    this.memory.check(step);
  }
}

/** A step without those inside it, for messages. */
function withoutNested({ during, blocked, turns, ...rest }: Step): Partial<Step> {
  const nested = [...(during ?? []), ...(blocked ?? []), ...(turns ?? [])].length;
  return nested === 0 ? rest : { ...rest, op: `${rest.op} (with ${nested} nested)` };
}

/**
 * Calls of imported functions: parameters lifted when the callee starts, the result lowered when it returns.
 */
import { requireRunning, subtaskDrop } from "../../host/built-ins/waitable-built-ins.js";
import { Subtask, SubtaskState } from "../../host/tasks/subtask.js";
import { CoreValues, type CoreValue, liftValues, lowerValues } from "../../host/values/flat.js";
import type { LiftLowerContext } from "../../host/values/lift-lower-context.js";
import { type Value, valueKey } from "../../host/values/value.js";
import {
  MAX_FLAT_ASYNC_PARAMS,
  MAX_FLAT_PARAMS,
  MAX_FLAT_RESULTS,
  elemSize,
  flattenFunction,
  holdsHandle,
  isPointerFree,
} from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import type { ArenaShadow } from "../shadow/arena-shadow.js";
import type { ShadowMemory } from "../shadow/shadow-memory.js";
import type { Answers } from "./answers.js";
import type { GuestMemory } from "./guest-memory.js";
import type { Meanwhile } from "./meanwhile.js";
import type { Run } from "./run.js";
import { sampleOrder, sampleValue, variety } from "./sample-values.js";
import { type CallCourse, SubtaskEntry } from "./subtask-entry.js";
import { type ModelTable, shown } from "./table.js";
import type { Range, Values } from "./values.js";
import { subtaskWords } from "./words.js";

/** An import as the guest calls it. */
export type ImportedCall = (...args: CoreValue[]) => CoreValue | undefined;

/** What calls need of the model. */
export interface CallParts {
  readonly run: Run;
  readonly table: ModelTable;
  readonly values: Values;
  readonly memory: GuestMemory;
  readonly shadow: ShadowMemory;
  readonly arena: ArenaShadow;
  readonly meanwhile: Meanwhile;
  /** Which of the samples results are. */
  readonly kind: number;
  /** What functions answer, where somebody knows. */
  readonly answers: Answers | null;
}

/** What a callee answers, where somebody knows. */
type Answer = { readonly known: Value } | null;

/** One lowered function. */
class Callee {
  readonly what: string;
  /** Bytes of the result in memory; 0 when it is a core value. */
  readonly resultByteLength: number;
  private readonly lift: (cx: LiftLowerContext, args: readonly CoreValue[]) => Value[];

  constructor(
    readonly func: FunctionType,
    readonly async: boolean,
    private readonly parts: CallParts,
  ) {
    this.what = `the call of \`${func.name}\``;
    const { resultInMemory } = flattenFunction(func, { context: "lower", async });
    this.resultByteLength = resultInMemory && func.result ? elemSize(func.result) : 0;
    const types = func.params.map(({ type }) => type);
    const most = async ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS;
    this.lift = (cx, args) => liftValues(cx, most, new CoreValues(args), types);
  }

  /** Where the result goes: the last core parameter. */
  resultPtr(args: readonly CoreValue[]): number {
    return this.resultByteLength > 0 ? Number(args.at(-1)) >>> 0 : 0;
  }

  /**
   * The callee takes its parameters.
   * @param borrower the call that is lent what it borrows
   * @returns its answer, where somebody knows it
   */
  start(args: readonly CoreValue[], borrower: Subtask): Answer {
    const { values, answers } = this.parts;
    const params = values.passed(`${this.what}, parameters`, () => this.lift(values.lifting(borrower), args));
    values.run.witnessValue(params);
    return answers?.has(this.func) === true ? { known: answers.of(this.func, params) } : null;
  }

  /** The parameters stay as they are until the callee takes them. @returns what they reach */
  hold(args: readonly CoreValue[]): readonly Range[] {
    return this.parts.values.reached(`${this.what}, parameters`, (cx) => this.lift(cx, args));
  }

  /** The callee returns. @returns the core results */
  finish(args: readonly CoreValue[], answer: Answer): CoreValue | undefined {
    const { func, parts } = this;
    const { result } = func;
    if (result === null) return undefined;
    const { values, memory, arena } = parts;
    const kinds = variety([result]);
    const index = kinds > 2 ? sampleOrder[parts.kind % kinds]! : 0;
    let results: CoreValue | undefined;
    const blocks = memory.gather(() => {
      results = values.passed(`the result of \`${func.name}\``, () => {
        const most = this.async ? 0 : MAX_FLAT_RESULTS;
        const out = this.resultByteLength > 0 ? new CoreValues([this.resultPtr(args)]) : null;
        const value = answer === null ? sampleValue(result, index) : answer.known;
        return lowerValues(values.lowering(), most, [value], [result], out)[0];
      });
    });
    if (this.async) arena.keepForCall(func.name, blocks);
    return results;
  }
}

/** An import that is lowered without `async`: it answers at once. */
export function syncCall(func: FunctionType, parts: CallParts): ImportedCall {
  const callee = new Callee(func, false, parts);
  return (...args) => {
    begin(func, parts);
    const borrower = new Subtask();
    const known = callee.start(args, borrower);
    parts.meanwhile.pass();
    borrower.deliverResolve();
    return callee.finish(args, known);
  };
}

/** An import that is lowered with `async`: it may start and return later. */
export function asyncCall(func: FunctionType, parts: CallParts): ImportedCall {
  const callee = new Callee(func, true, parts);
  const { run, table, arena } = parts;
  return (...args) => {
    begin(func, parts);
    const borrower = new Subtask();
    const answer = run.choose(3);
    const known = answer < 2 ? callee.start(args, borrower) : null;
    parts.meanwhile.pass();
    if (answer === 0) {
      callee.finish(args, known);
      borrower.deliverResolve();
      return SubtaskState.RETURNED;
    }
    const state = answer === 1 ? SubtaskState.STARTED : SubtaskState.STARTING;
    borrower.state = state;
    const held = answer === 2 ? callee.hold(args) : [];
    arena.keepForCall(func.name, []);
    const task = table.put("waitable", (handle) => {
      const course = courseOf(callee, args, { handle, borrower, held, known }, parts);
      return new SubtaskEntry(handle, borrower, `\`${func.name}\``, course, state);
    });
    parts.shadow.lend(callee.resultPtr(args), callee.resultByteLength, true, task.handle, run.site());
    return state | (task.handle << 4);
  };
}

function begin(func: FunctionType, { run, values }: CallParts): void {
  const what = `call of \`${func.name}\``;
  run.note(what);
  run.judged(what, () => {
    values.instance.checkMayLeave();
  });
}

function courseOf(
  callee: Callee,
  args: readonly CoreValue[],
  call: { handle: number; borrower: Subtask; held: readonly Range[]; known: Answer },
  { arena, run, shadow, values, answers }: CallParts,
): CallCourse {
  const { func, resultByteLength: bytes } = callee;
  const { handle, borrower, held } = call;
  let { known } = call;
  const ptr = callee.resultPtr(args);
  const settle = (byteLength: number): void => {
    shadow.settle(ptr, bytes, byteLength, true, handle, run.site());
  };
  let returned = false;
  return {
    start: () => {
      values.release(held);
      known = callee.start(args, borrower);
      arena.keepForCall(func.name, []);
    },
    finish: () => {
      settle(bytes);
      callee.finish(args, known);
      // The guest has not been told: until then the place is the host's.
      shadow.lend(ptr, bytes, true, handle, run.site());
      returned = true;
    },
    over: (started) => {
      if (!started) values.release(held);
      settle(returned ? bytes : 0);
    },
    answerWords: (take) => {
      if (answers?.has(func) !== true) return;
      const words = `${args.join()} ${known === null ? "" : valueKey(known.known)}`;
      for (let i = 0; i < words.length; i++) take(words.charCodeAt(i));
    },
    startShows: func.params.some(({ type }) => holdsHandle(type)),
    returnShows: func.result !== null && !isPointerFree(func.result),
  };
}

/** `subtask.cancel`, synchronous. @returns the state that the call has come to */
export function cancelSubtask(handle: number, parts: CallParts): number {
  const { run, meanwhile } = parts;
  const name = "subtask.cancel";
  run.note(`${name}, ${shown(handle)}`);
  const subtask = find(handle, name, parts);
  const { hosted } = subtask;
  run.judged(name, () => {
    requireRunning(hosted, false);
  });
  hosted.cancellationRequested = true;
  hosted.hasSyncWaiter = true;
  if (!hosted.resolved) meanwhile.wait(0);
  hosted.hasSyncWaiter = false;
  const outcomes = subtask.cancelStates();
  const state = outcomes[run.choose(outcomes.length)]!;
  subtask.end(state);
  run.say(subtaskWords(subtask, state));
  return state;
}

/** `subtask.drop`. */
export function dropSubtask(handle: number, parts: CallParts): void {
  const { run, values } = parts;
  const name = "subtask.drop";
  run.note(`${name}, ${shown(handle)}`);
  const subtask = find(handle, name, parts);
  if (!subtask.hosted.resolveDelivered)
    throw run.broken("dropped-while-copying", `${name}: the call of ${subtask.what} has not returned`);
  run.judged(name, () => {
    subtaskDrop(values.instance, handle);
  });
}

function find(handle: number, name: string, { run, table, values }: CallParts): SubtaskEntry {
  run.judged(name, () => {
    values.instance.checkMayLeave();
    table.get(handle, Subtask, "a subtask");
  });
  return table.at(handle) as SubtaskEntry;
}

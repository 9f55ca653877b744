/** Calls of imported functions: parameters lifted when the callee starts, the result lowered when it returns. */
import { CoreValues, type CoreValue, liftValues, lowerValues } from "../../host/values/flat.js";
import type { LiftLowerContext } from "../../host/values/lift-lower-context.js";
import type { Value } from "../../host/values/value.js";
import {
  MAX_FLAT_ASYNC_PARAMS,
  MAX_FLAT_PARAMS,
  MAX_FLAT_RESULTS,
  elemSize,
  flattenFunction,
} from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import { type CallCourse, Subtask } from "./entries.js";
import type { ModelHost } from "./host.js";
import { sampleOrder, sampleValue, variety } from "./sample-values.js";

/** An import as the guest calls it. */
export type ImportedCall = (...args: CoreValue[]) => CoreValue | undefined;

/** One lowered function. */
class Callee {
  readonly what: string;
  /** Bytes of the result in memory; 0 when it is a core value. */
  readonly resultByteLength: number;
  private readonly lift: (cx: LiftLowerContext, args: readonly CoreValue[]) => Value[];

  constructor(
    readonly func: FunctionType,
    readonly async: boolean,
    readonly host: ModelHost,
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

  /** The callee takes its parameters. */
  start(args: readonly CoreValue[]): void {
    this.host.passed(`${this.what}, parameters`, () => this.lift(this.host.lifting, args));
  }

  /** The parameters stay as they are until the callee takes them. @returns what they reach */
  hold(args: readonly CoreValue[]): readonly (readonly [number, number])[] {
    return this.host.reached(`${this.what}, parameters`, (cx) => this.lift(cx, args));
  }

  /** The callee returns. @returns the core results */
  finish(args: readonly CoreValue[]): CoreValue | undefined {
    const { host, func } = this;
    const { result } = func;
    if (result === null) return undefined;
    const kinds = variety([result]);
    const index = kinds > 2 ? sampleOrder[host.kind % kinds]! : 0;
    const before = host.lowered.length;
    const results = host.passed(`the result of \`${func.name}\``, () => {
      const most = this.async ? 0 : MAX_FLAT_RESULTS;
      const out = this.resultByteLength > 0 ? new CoreValues([this.resultPtr(args)]) : null;
      return lowerValues(host.lowering, most, [sampleValue(result, index)], [result], out)[0];
    });
    if (this.async) host.arena.keepForCall(func.name, host.lowered.slice(before));
    return results;
  }
}

/** An import that is lowered without `async`: it answers at once. */
export function syncCall(func: FunctionType, host: ModelHost): ImportedCall {
  const callee = new Callee(func, false, host);
  return (...args) => {
    host.note(`call of \`${func.name}\``, "");
    callee.start(args);
    return callee.finish(args);
  };
}

/** An import that is lowered with `async`: it may start and return later. */
export function asyncCall(func: FunctionType, host: ModelHost): ImportedCall {
  const callee = new Callee(func, true, host);
  const bytes = callee.resultByteLength;
  return (...args) => {
    host.note(`call of \`${func.name}\``, "");
    const ptr = callee.resultPtr(args);
    const answer = host.choices.choose(3);
    if (answer < 2) callee.start(args);
    if (answer === 0) {
      callee.finish(args);
      return Subtask.RETURNED;
    }
    const held = answer === 2 ? callee.hold(args) : [];
    host.arena.keepForCall(func.name, []);
    const state = answer === 1 ? Subtask.STARTED : Subtask.STARTING;
    const settle = (byteLength: number): void => {
      host.shadow.settle(ptr, bytes, byteLength, true, task.handle, host.site());
    };
    const course: CallCourse = {
      start: () => {
        host.release(held);
        callee.start(args);
        host.arena.keepForCall(func.name, []);
      },
      finish: () => {
        settle(bytes);
        callee.finish(args);
      },
      abandon: (started) => {
        if (!started) host.release(held);
        settle(0);
      },
    };
    const task = host.add((handle) => new Subtask(handle, state, `\`${func.name}\``, course));
    host.shadow.lend(ptr, bytes, true, task.handle, host.site());
    return state | (task.handle << 4);
  };
}

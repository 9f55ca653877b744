/**
 * The host's steps of a script: what it does with its ends of streams and
 * futures, and with the guest's calls.
 */
import type { ComponentInstance } from "../host/tasks/component-instance.js";
import { HostEnd, type HostCopy } from "../host/copies/host-end.js";
import type { LiftLowerOptions } from "../host/values/lift-lower-context.js";
import { callImport, type HostCall, type HostFunction } from "../host/calls/lower.js";
import type { SharedCopy } from "../host/copies/shared-copy.js";
import { SharedFuture } from "../host/copies/shared-future.js";
import { SharedStream } from "../host/copies/shared-stream.js";
import { flattenFunction } from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import type { ScriptCoreValue, ScriptValue, Step } from "./script.js";
import {
  coreFromScript,
  coreToScript,
  fromScript,
  itemsFromScript,
  itemsToScript,
  toScript,
} from "./script-values.js";

/** What a host's step gave: the same names as in a script. */
export type HostStepResult = Pick<Step, "ret" | "got" | "args">;

/** A function that a script's guest imports. */
export interface ScriptedFunction {
  readonly params: readonly ValueType[];
  readonly result: ValueType | null;
}

/** The host of a scripted guest: its ends and the calls that it has not settled, by the script's numbers. */
export class ScriptedHost {
  private readonly ends = new Map<number, HostEnd>();
  private readonly calls = new Map<number, { readonly call: HostCall; readonly func: ScriptedFunction }>();

  constructor(
    private readonly instance: ComponentInstance,
    private readonly options: LiftLowerOptions,
    private readonly types: readonly (ValueType | null)[],
    private readonly functions: readonly ScriptedFunction[],
    /** Does the steps that the script has inside the step at hand. */
    private readonly runDuring: () => void,
  ) {}

  /** Does a step of the host, or a guest's call of an import. @returns null when the step is neither */
  perform(step: Step): HostStepResult | null {
    switch (step.op) {
      case "take-stream":
      case "take-future":
        return this.take(step);
      case "give-stream":
      case "give-future":
        return this.give(step);
      case "call":
        return this.callFunction(step);
      case "host.start": {
        const { call, func } = this.calls.get(step.call!)!;
        return { args: call.start().map((value, i) => toScript(func.params[i]!, value)) };
      }
      case "host.return":
        this.returnFrom(step);
        return {};
      case "host.cancelled":
        this.calls.get(step.call!)!.call.cancelled();
        return {};
      default:
        return this.onEnd(step);
    }
  }

  private onEnd(step: Step): HostStepResult | null {
    const end = this.ends.get(step.end ?? -1);
    if (end === undefined) return null;
    const { elementType } = end.shared;
    switch (step.op) {
      case "host.read":
        return copyResult(end, end.read(step.n!, step.eager));
      case "host.write":
        return copyResult(end, end.write(itemsFromScript(elementType, step.n!, step.data), step.eager));
      case "host.event":
        return copyResult(end, end.takeEvent());
      case "host.cancel":
        return copyResult(end, end.cancel());
      case "host.drop":
        end.drop();
        return {};
      case "host.ack-cancel":
        end.shared.acknowledgeCancel();
        return {};
      default:
        return null;
    }
  }

  private take(step: Step): HostStepResult {
    const type = this.endType(step);
    const keep: HostFunction = (call) => {
      this.ends.set(step.end!, new HostEnd(call.start()[0] as SharedCopy));
      call.return();
      return undefined;
    };
    const params = [{ name: "x", type }];
    this.importSync({ params, result: null }, keep, [step.i!]);
    return {};
  }

  private give(step: Step): HostStepResult {
    const type = this.endType(step);
    const make: HostFunction = (call) => {
      call.start();
      call.return(step.from === undefined ? this.newEnd(step, type) : this.passOn(step.from));
      return undefined;
    };
    return { ret: Number(this.importSync({ params: [], result: type }, make, [])[0]) };
  }

  private endType(step: Step): ValueType & { kind: "stream" | "future" } {
    return { kind: step.op.endsWith("stream") ? "stream" : "future", element: this.types[step.ty!]! };
  }

  private newEnd(step: Step, type: ValueType & { kind: "stream" | "future" }): SharedCopy {
    const shared = type.kind === "stream" ? new SharedStream(type.element) : new SharedFuture(type.element);
    shared.defersCancel = step.cancel === "deferred";
    this.ends.set(step.end!, new HostEnd(shared));
    return shared;
  }

  private passOn(number: number): SharedCopy {
    const { shared } = this.ends.get(number)!;
    this.ends.delete(number);
    return shared;
  }

  private importSync(
    type: { params: { name: string; type: ValueType }[]; result: ValueType | null },
    callee: HostFunction,
    args: number[],
  ): (number | bigint)[] {
    return callImport(this.instance, { type, options: this.options, async: false, callee }, args);
  }

  private callFunction(step: Step): HostStepResult {
    const func = this.functions[step.func!]!;
    const async = step.async ?? false;
    const callee: HostFunction = (call) => {
      this.calls.set(step.call!, { call, func });
      this.runDuring();
      return this.runDuring;
    };
    const type = { params: func.params.map((t, i) => ({ name: String(i), type: t })), result: func.result };
    const args = (step.args as readonly ScriptCoreValue[]).map(coreFromScript);
    const results = callImport(this.instance, { type, options: this.options, async, callee }, args);
    if (async) return { ret: Number(results[0]) };
    const flat = flattenFunction(type, { context: "lower", async }).results;
    return { ret: results.map((value, i) => coreToScript(flat[i]!, value)) };
  }

  private returnFrom(step: Step): void {
    const { call, func } = this.calls.get(step.call!)!;
    const { result } = func;
    if (result === null) call.return();
    else if (result.kind === "stream") call.return(this.newEnd(step, { ...result, kind: "stream" }));
    else call.return(fromScript(result, step.value as ScriptValue));
  }
}

/** A host's copy as a script has it: BLOCKED, or packed as for a guest, and what came. */
function copyResult(end: HostEnd, copy: HostCopy | null): HostStepResult {
  if (copy === null) return { ret: 0xffff_ffff };
  const isFuture = end.shared instanceof SharedFuture;
  const got = itemsToScript(end.shared.elementType, copy.received);
  return {
    ret: isFuture ? copy.result : copy.result + copy.progress * 16,
    ...(got !== undefined && { got }),
  };
}

/** Works out what `rill run CORE.wasm CALL...` is to call, one after the other, in one instance. */
import { UserError } from "../../errors/user-error.js";
import type { FunctionType, ValueType, World } from "../../wit/model.js";
import { givenInputs, planInput, type RunInput } from "../plan-parameter.js";
import { planOutput, type RunOutput } from "../plan-result.js";
import type { RunFlags } from "../run-flags.js";
import { CallMismatch, parseCall, type CallText, type Label } from "./call-text.js";
import { findFunction } from "./find-function.js";
import { inside, NameTypes } from "./name-types.js";
import { planArgument } from "./plan-argument.js";
import type { PlannedArgument, PlannedCall } from "./planned-call.js";

/** Calls, with what they read from `--in` and where the last result goes. */
export interface PlannedCalls {
  readonly calls: readonly PlannedCall[];
  readonly inputs: readonly RunInput[];
  readonly output: RunOutput;
  /** The last call's. */
  readonly call: string;
  readonly func: FunctionType;
}

/** @throws UserError for what does not fit: nothing has run then */
export function planCalls(world: World, texts: readonly string[], flags: RunFlags): PlannedCalls {
  if (flags.call !== undefined)
    throw new UserError(`--call ${flags.call}: leave it out where calls are arguments`);
  return new CallsPlan(world, flags).plan(texts);
}

class CallsPlan {
  private readonly names = new NameTypes();
  private readonly inputs: RunInput[] = [];
  private readonly used = new Set<string>();
  private readonly given: ReadonlyMap<string, string>;
  private readonly functions: { readonly call: string; readonly func: FunctionType }[] = [];

  constructor(
    private readonly world: World,
    private readonly flags: RunFlags,
  ) {
    this.given = givenInputs(flags);
  }

  plan(texts: readonly string[]): PlannedCalls {
    const calls = texts.map((text) => this.one(text));
    const unused = [...this.given.keys()].find((name) => !this.used.has(name));
    if (unused !== undefined)
      throw new UserError(`--in ${unused}: no call takes it; write ${unused} where a parameter is wanted`);
    const last = this.functions.at(-1);
    if (last === undefined) throw new UserError("nothing is called");
    this.refuseLimit();
    return { calls, inputs: this.inputs, output: this.output(calls.at(-1)!, last), ...last };
  }

  private one(text: string): PlannedCall {
    try {
      const parsed = parseCall(text);
      return parsed.kind === "drop" ? this.drop(text, parsed) : this.call(text, parsed);
    } catch (error) {
      if (error instanceof CallMismatch)
        throw new UserError(`"${text}", character ${error.at + 1}: ${error.message}`);
      throw error;
    }
  }

  private drop(text: string, { name }: CallText & { kind: "drop" }): PlannedCall {
    const type = this.names.typeOf(name);
    const resource = type === null ? null : type.kind === "own" ? type : inside(type);
    if (resource?.kind !== "own") throw new CallMismatch(`${name.label} is no name of a resource`, name.at);
    return { kind: "drop", text, reference: this.names.refer(name, resource, text) };
  }

  private call(text: string, { name, target, args, list }: CallText & { kind: "call" }): PlannedCall {
    const { name: call, func, self } = findFunction(this.world, target, this.names);
    const params = self === null ? func.params : func.params.slice(1);
    if (args.length !== params.length) {
      const wanted = params.map((param) => param.name).join(", ") || "none";
      const count = `${params.length} ${params.length === 1 ? "argument" : "arguments"}`;
      throw new CallMismatch(`${target.label} takes ${count} (${wanted}), not ${args.length}`, list.at);
    }
    const scope = {
      text,
      names: this.names,
      input: (label: string, type: ValueType) => this.input(label, type),
    };
    const planned = params.map((param, i) => planArgument(param, args[i]!, scope));
    if (self !== null) planned.unshift(this.self(self, func, text));
    this.functions.push({ call, func });
    if (name !== null) this.define(name, func);
    return { kind: "call", text, name: name?.label ?? null, call, func, args: planned };
  }

  private self(
    self: Parameters<NameTypes["refer"]>[0],
    { params }: FunctionType,
    text: string,
  ): PlannedArgument {
    return { kind: "name", ...this.names.refer(self, params[0]!.type, text) };
  }

  private define({ label, at }: Label, { result }: FunctionType): void {
    if (result === null) throw new CallMismatch(`the call has no result that could be ${label}`, at);
    if (this.names.has(label)) throw new CallMismatch(`${label} is a name already; take another`, at);
    if (this.given.has(label)) throw new CallMismatch(`${label} is an --in already; take another`, at);
    this.names.add(label, result);
  }

  private input(label: string, type: ValueType): number | null {
    const text = this.given.get(label);
    if (text === undefined) return null;
    if (this.used.has(label))
      throw new UserError(`--in ${label}: two arguments take it, and it is read once`);
    this.used.add(label);
    return this.inputs.push(planInput({ name: label, type }, text, this.flags)) - 1;
  }

  private output(last: PlannedCall, { call, func }: { call: string; func: FunctionType }): RunOutput {
    const { out } = this.flags;
    if (out === undefined) return { kind: "none" };
    if (last.kind === "drop" || last.name !== null)
      throw new UserError(`--out ${out} is for the result of the last call, and "${last.text}" leaves none`);
    return planOutput(func, call, this.flags);
  }

  private refuseLimit(): void {
    if (this.flags.limit === undefined) return;
    const isStream = (type: ValueType | null): boolean => type?.kind === "stream";
    if (this.inputs.some(({ kind }) => kind === "stream")) return;
    if (this.functions.some(({ func }) => isStream(func.result))) return;
    throw new UserError("--limit: no call reads an --in or returns a stream, so there are no items to count");
  }
}

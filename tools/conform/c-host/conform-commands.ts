/** A script as the lines that conform/main.c reads, and the answers that it expects. */
import type { Case, ScriptCoreValue, ScriptFile, ScriptValue, Step } from "../script.js";
import { typeOf, valueType } from "../script-values.js";
import { flattenFunction } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { callExportName, TYPES } from "./conform-module.js";
import { encodeValues } from "./conform-values.js";
import { typeDescriptor } from "../../c-host/copy-plan.js";
import { signatureLetter } from "../../c-host/descriptor.js";
import { valuesDescriptor } from "../../c-host/flat-plan.js";

/** What is expected next: a line as it is, or a step's answer, whose values are of `type`. */
export type Expected = string | { readonly step: Step; readonly type: ValueType | null };

/** The lines that replay a case, and the answers that are due, in the order in which they come. */
export interface Replay {
  readonly commands: readonly string[];
  readonly expected: readonly Expected[];
}

/** The number of a function that is none. */
const NO_FUNC = 255;

/** A function that a script's guest imports. */
interface Func {
  readonly params: readonly ValueType[];
  readonly result: ValueType | null;
}

/** Turns a case into lines. */
export function replayOf(file: ScriptFile, script: Case): Replay {
  return new Writer(file, script).write();
}

class Writer {
  private readonly commands: string[] = [];
  private readonly expected: Expected[] = [];
  private readonly types: readonly (ValueType | null)[];
  private readonly funcs: readonly Func[];
  /** The element type of each end of the host's, and the function of each call, by their numbers. */
  private readonly ends = new Map<number, ValueType | null>();
  private readonly calls = new Map<number, Func>();
  /** The arguments of tasks. */
  private readonly args = new Map<number, number>();

  constructor(
    private readonly file: ScriptFile,
    private readonly script: Case,
  ) {
    this.types = script.types.map(typeOf);
    this.funcs = (script.funcs ?? []).map(({ params, result }) => ({
      params: params.map(valueType),
      result: typeOf(result),
    }));
  }

  write(): Replay {
    const { memory } = this.file;
    const task = this.script.task ?? "tasks";
    this.commands.push(`case ${task} ${memory.bytes} ${memory.fill}`);
    for (let index = 0; index < TYPES; index++) this.commands.push(this.typeLine(index));
    this.funcs.forEach(({ params, result }, index) => {
      this.commands.push(
        valuesLine(index, "params", params),
        valuesLine(index, "result", result === null ? [] : [result]),
      );
    });
    for (const step of this.script.steps) this.add(step);
    return { commands: this.commands, expected: this.expected };
  }

  private typeLine(index: number): string {
    const type = this.types[index] ?? null;
    if (type === null) return `type ${index} null`;
    const { plan, elemSize, alignment, isNumber } = typeDescriptor(type);
    const spelled = this.script.types.map((other) => JSON.stringify(other));
    const numbers = [spelled.indexOf(spelled[index]!), elemSize, alignment, isNumber ? 1 : 0, ...plan];
    return `type ${index} ${numbers.join(" ")}`;
  }

  /** A step's line, the lines inside it, and what all of them answer. */
  private add(step: Step): void {
    this.commands.push(this.command(step));
    if (step.during?.length) this.expected.push("during");
    for (const inner of step.during ?? []) this.add(inner);
    if (step.blocked?.length) this.expected.push("blocked");
    for (const inner of step.blocked ?? []) this.add(inner);
    for (const { event, body, code } of step.turns ?? []) {
      const entered = `enter ${this.args.get(step.task!)}`;
      this.expected.push(`turn ${event ? event.join(",") : entered}`);
      for (const inner of body) {
        this.commands.push("body");
        this.add(inner);
      }
      this.commands.push(`code ${code}`);
    }
    this.expected.push({ step, type: this.answerType(step) });
  }

  /** The type of the values that a step answers with. */
  private answerType(step: Step): ValueType | null {
    if (step.op === "host.start") return { kind: "tuple", types: this.calls.get(step.call!)!.params };
    return step.end === undefined ? null : (this.ends.get(step.end) ?? null);
  }

  private command(step: Step): string {
    const isFuture = step.op.endsWith("-future") ? "1" : "0";
    switch (step.op) {
      case "poke":
        return line("poke", step.ptr, step.hex || "-");
      case "drain":
        return line("drain", step.set, step.ptr);
      case "take-stream":
      case "take-future":
        this.ends.set(step.end!, this.types[step.ty!]!);
        return line("take", step.ty, isFuture, step.i, step.end);
      case "give-stream":
      case "give-future":
        if (step.from !== undefined) return line("back", step.from);
        this.ends.set(step.end!, this.types[step.ty!]!);
        return line("give", step.ty, isFuture, step.end, step.cancel ? 1 : 0);
      case "call":
        return this.callLine(step);
      case "host.return":
        return this.returnLine(step);
      case "host.call-export":
        this.args.set(step.task!, step.arg!);
        return line("export", step.task, step.arg);
      case "run":
        return line("run", step.task);
      case "host.cancel-task":
        return line("cancel-task", step.task);
      default:
        return step.op.startsWith("host.") ? this.hostLine(step) : builtInLine(step);
    }
  }

  private hostLine(step: Step): string {
    const verb = step.op.slice("host.".length);
    switch (verb) {
      case "start":
      case "cancelled":
        return line(verb, step.call);
      case "ack-cancel":
        return line("ack", step.end);
      case "read":
        return line("read", step.end, step.n ?? 1, step.eager ? 1 : 0);
      case "write":
        return line("write", step.end, step.n ?? 1, step.eager ? 1 : 0, this.writtenItems(step));
      default:
        return line(verb, step.end);
    }
  }

  private writtenItems({ end, data }: Step): string {
    const type = this.ends.get(end!) ?? null;
    if (type === null || data === undefined) return "- -";
    return typeof data === "string" ? `${data || "-"} -` : encodeValues(type, data);
  }

  private callLine(step: Step): string {
    const func = this.funcs[step.func!]!;
    this.calls.set(step.call!, func);
    const type = {
      params: func.params.map((param, index) => ({ name: String(index), type: param })),
      result: func.result,
    };
    const async = step.async ?? false;
    const { params, results } = flattenFunction(type, { context: "lower", async });
    const name = `${callExportName(params, results)}.${async ? "1" : "0"}`;
    const cells = (step.args as readonly ScriptCoreValue[]).flatMap(cellsOf);
    const counts = [step.blocked?.length ?? 0, step.during?.length ?? 0];
    return line(
      "call",
      ...counts,
      step.func,
      step.call,
      name,
      results[0] ? signatureLetter(results[0]) : "v",
      ...cells,
    );
  }

  private returnLine(step: Step): string {
    const { result } = this.calls.get(step.call!)!;
    if (result === null) return line("return", step.call, "-", "-");
    if (result.kind !== "stream") return line("return", step.call, encodeValues(result, [step.value!]));
    const element = this.types.findIndex((type) => JSON.stringify(type) === JSON.stringify(result.element));
    if (element < 0) throw new RangeError("a call gives a stream of a type that the script does not list");
    this.ends.set(step.end!, result.element);
    return line("return-stream", step.call, element, step.end);
  }
}

function line(...words: (string | number | undefined)[]): string {
  return words.map((word) => String(word ?? 0)).join(" ");
}

function valuesLine(index: number, which: "params" | "result", types: readonly ValueType[]): string {
  const { cells, type, flat } = valuesDescriptor(types);
  if (type === null) return line("func", index, which, cells, 0);
  const { plan, elemSize, alignment } = type;
  return line("func", index, which, cells, elemSize, alignment, plan.length, ...plan, flat.length, ...flat);
}

/** A guest's call of a built-in. */
function builtInLine(step: Step): string {
  const call = (name: string, result: string, ...args: (number | undefined)[]): string =>
    line("call", step.blocked?.length ?? 0, step.during?.length ?? 0, NO_FUNC, 0, name, result, ...args);
  const [kind, verb] = step.op.split(".") as [string, string];
  const variant = step.async === true || step.cancellable === true || step.slot === 1 ? "1" : "0";
  switch (step.op) {
    case "waitable-set.new":
      return call(step.op, "i");
    case "waitable-set.wait":
    case "waitable-set.poll":
      return call(`${step.op}.${variant}`, "i", step.set, step.ptr);
    case "waitable-set.drop":
    case "subtask.drop":
      return call(step.op, "v", step.i);
    case "subtask.cancel":
      return call(`${step.op}.${variant}`, "i", step.i);
    case "waitable.join":
      return call(step.op, "v", step.i, step.set);
    case "task.return":
      return call(`task.return.${(step.type as string | undefined) ?? "u32"}`, "v", step.value as number);
    case "context.get":
      return call(`${step.op}.${variant}`, "i");
    case "context.set":
      return call(`${step.op}.${variant}`, "v", step.value as number);
    case "task.cancel":
    case "backpressure.inc":
    case "backpressure.dec":
      return call(step.op, "v");
  }
  const type = String(step.ty);
  if (verb === "new") return call(`${kind}.new.${type}`, "I");
  if (verb.startsWith("drop")) return call(`${kind}.${verb}.${type}`, "v", step.i);
  if (verb.startsWith("cancel")) return call(`${kind}.${verb}.${type}.${variant}`, "i", step.i);
  const length = kind === "future" ? [] : [step.n];
  return call(`${kind}.${verb}.${type}.${variant}`, "i", step.i, step.ptr, ...length);
}

/** A core value as 32-bit cells. */
function cellsOf([type, value]: ScriptCoreValue): number[] {
  if (type === "i32" || type === "f32") return [Number(value)];
  const bits = BigInt(value);
  return [Number(BigInt.asUintN(32, bits)), Number(BigInt.asUintN(32, bits >> 32n))];
}

/** The answer that a step's expected results come to, but for memory. */
export function expectedAnswer(step: Step): string {
  const words = ["ok"];
  if (typeof step.ret === "number") words.push("ret", String(step.ret));
  else if (step.ret?.[0]) words.push(...coreResult(step.ret[0]));
  if (step.ret64 !== undefined) words.push("ret64", step.ret64.slice(2));
  if (step.got !== undefined) words.push("got", gotText(step.got));
  if (step.op === "host.start") words.push("args", JSON.stringify(step.args));
  if (step.op === "drain") words.push("events", ...(step.events ?? []).map((event) => event.join(",")));
  if (step.status) words.push("status", step.status);
  if (step.ready?.length) words.push("ready", step.ready.join(","));
  if (step.delivered !== undefined) words.push("delivered", String(step.delivered));
  if (step.started) words.push("started");
  if (step.resolved) words.push("resolved", String(step.resolved.task), String(step.resolved.value));
  for (const call of step.realloc ?? []) words.push("realloc", call.join(","));
  return words.join(" ");
}

function gotText(got: string | readonly ScriptValue[]): string {
  return typeof got === "string" ? got : JSON.stringify(got);
}

function coreResult([type, value]: ScriptCoreValue): string[] {
  if (type === "i32") return ["ret", String(value)];
  if (type === "f32") return ["ret32", String(value).slice(2)];
  return ["ret64", BigInt.asUintN(64, BigInt(value)).toString(16).padStart(16, "0")];
}

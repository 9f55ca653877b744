/**
 * The function of a task that waits, as two: the one that the host begins tasks with, and the one that it calls
 * back.
 *
 * The first does what stands in front of all waits and calls the second, once. What that needs of the first's
 * locals is passed in the place of an event, of which there is none yet, or lies in memory.
 */
import {
  bodyStart,
  type Form,
  headOf,
  isForm,
  operands,
  parseForm,
  rewriteInside,
  visitForms,
} from "../passes/s-expression.js";
import { type EventPart, takeFromParameters } from "./event-loads.js";
import { liveBefore } from "./live-locals.js";
import { Rewriting, type Surroundings } from "./resumable-function.js";
import { setIn, takeStart } from "./task-start.js";

const PARTS: readonly EventPart[] = ["code", "waitable", "payload"];
/** The parameters of the second function, where they have an event alone. */
const EVENT: EventLocals = { code: "$event|code", waitable: "$event|waitable", payload: "$event|payload" };

/** The locals that have an event. */
export type EventLocals = Readonly<Record<EventPart, string>>;

/** The second function. */
export interface Entered {
  /** Not yet in the module. */
  readonly func: Form;
  /** Its parameters. */
  readonly event: EventLocals;
}

/** A task's function that is taken apart. */
export class TaskFunction {
  private readonly declared: Form["items"];
  private readonly rest: Form;
  private readonly rewriting: Rewriting;
  private readonly begin: Form[];
  private readonly taken: Set<EventPart>;

  /**
   * @param func which the host begins a task with; `split` rewrites it in place
   * @param name of the second function
   * @param at   the global that says where that is entered: 0 at its start
   * @throws NotLinear as `split` does
   */
  constructor(
    private readonly func: Form,
    private readonly name: string,
    at: string,
    private readonly module: Surroundings,
  ) {
    const start = bodyStart(func);
    this.declared = func.items.slice(0, start);
    this.rest = { items: ["block", ending(func.items.slice(start) as Form[], module.newLabel())] };
    this.rewriting = new Rewriting({ items: [...this.declared, this.rest] }, at, EVENT.code, module);
    this.begin = takeStart(this.rest, this.rewriting.isWait);
    this.taken = takeEvents(this.rest, this.rewriting);
  }

  /** All its statements, as they are now. */
  get statements(): Form[] {
    return [...this.begin, this.rest];
  }

  /**
   * @param stored where parts of the event are in memory that something loads: their addresses. The second function
   *   is to store them
   * @throws NotLinear when it has to be taken apart first; `func` is of no use then
   */
  split(stored: ReadonlyMap<EventPart, number>): Entered {
    const { begin, rest, rewriting } = this;
    const given = this.givenLocals();
    const inMemory = rewriting.betterInMemory();
    for (const local of inMemory) {
      const zero = rewriting.moveToMemory(rest, local);
      begin.push(...(given.has(local) ? [rewriting.keep(local)] : zero));
    }
    const left = [...given].filter((local) => !inMemory.includes(local));
    const passed = this.passed(left, stored);
    const kept = left.filter((local) => ![...passed.values()].includes(local));
    const body = rewriting.enterable([...kept.map((local) => rewriting.bringBack(local)), ...operands(rest)]);
    const values = PARTS.map((part) => valueOf(passed.get(part), stored.get(part)));
    this.func.items = [
      ...this.declared,
      ...this.module.atBegin,
      ...begin,
      ...kept.map((local) => rewriting.keep(local)),
      { items: ["call", this.name, ...values] },
    ];
    return this.entered(body, passed);
  }

  private entered(body: readonly Form[], passed: ReadonlyMap<EventPart, string>): Entered {
    const [code, waitable, payload] = PARTS.map((part) => passed.get(part) ?? EVENT[part]) as [
      string,
      string,
      string,
    ];
    const params = [code, waitable, payload];
    const locals = [...this.rewriting.types].filter(([local]) => !params.includes(local));
    const head = [
      ...params.map((local) => parseForm(`(param ${local} i32)`)),
      parseForm("(result i32)"),
      ...locals.map(([local, type]) => parseForm(`(local ${local} ${type})`)),
      ...this.rewriting.locals,
    ];
    const func = ["func", this.name, ...head, ...body, ...this.module.atEnd, parseForm("(i32.const 0)")];
    return { event: { code, waitable, payload }, func: { items: func } };
  }

  /** The locals that the second function needs as the first leaves them: not those with their first value. */
  private givenLocals(): Set<string> {
    const params = this.declared.filter((item) => isForm(item, "param"));
    const changed = new Set([...params.map(({ items }) => items[1] as string), ...setIn(this.begin)]);
    const needed = liveBefore(operands(this.rest));
    return new Set([...needed].filter((local) => changed.has(local)).sort());
  }

  /** Which local is passed in place of which part of an event. */
  private passed(locals: readonly string[], stored: ReadonlyMap<EventPart, number>): Map<EventPart, string> {
    const free = PARTS.filter((part) => !this.taken.has(part) && !stored.has(part));
    const fitting = locals.filter((local) => this.rewriting.types.get(local) === "i32");
    return new Map(free.slice(0, fitting.length).map((part, index) => [part, fitting[index]!]));
  }
}

/** A task's statements as a block. What its function answers is always EXIT, and is answered behind them. */
function ending(body: readonly Form[], done: string): Form {
  const last = body.at(-1)!;
  const end = headOf(last) === "return" ? last : { items: ["drop", last] };
  const block: Form = { items: ["block", done, ...body.slice(0, -1), end] };
  rewriteInside(block, (form) =>
    headOf(form) === "return"
      ? { items: ["block", { items: ["drop", ...operands(form)] }, { items: ["br", done] }] }
      : form,
  );
  return block;
}

/** Takes what is read of events from the parameters. @returns the parts that are read there */
function takeEvents(rest: Form, rewriting: Rewriting): Set<EventPart> {
  const taken = new Set<EventPart>();
  visitForms(rest, (form) => {
    if (rewriting.isWait(form) && headOf(form) === "local.set") taken.add("code");
  });
  for (const word of takeFromParameters(rest, rewriting.eventBehind, EVENT)) taken.add(word);
  return taken;
}

/** What the second function is called with: a local, what it is to store, or nothing that it looks at. */
function valueOf(local: string | undefined, address: number | undefined): Form {
  if (local !== undefined) return parseForm(`(local.get ${local})`);
  return parseForm(address === undefined ? "(i32.const 0)" : `(i32.load (i32.const ${address}))`);
}

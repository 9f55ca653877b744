/**
 * The function of a task that waits, as two: the one that the host begins tasks with, and the one that it
 * calls back.
 *
 * The first does what stands in front of all waits and calls the second, once. What that needs of the
 * first's locals is passed in the place of an event, of which there is none yet, or lies in memory.
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
import { type EntryNumber, eventNumber, keptNumber } from "./entry-number.js";
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
  /** The number of the place where it is entered, as text: 0 at its start. */
  readonly place: string;
  /** Its parameters. */
  readonly event: EventLocals;
}

/** A task's function that is taken apart. */
export class TaskFunction {
  private readonly declared: Form["items"];
  private readonly rest: Form;
  private readonly rewriting: Rewriting;
  private readonly begin: Form[];
  private readonly entry: EntryNumber;
  private readonly taken: Set<EventPart>;

  /**
   * @param func which the host begins a task with; `split` rewrites it in place
   * @param name of the second function
   * @param newAt makes a global that says where that is entered: 0 at its start
   * @throws NotLinear as `split` does
   */
  constructor(
    private readonly func: Form,
    private readonly name: string,
    newAt: () => string,
    private readonly module: Surroundings,
  ) {
    const start = bodyStart(func);
    this.declared = func.items.slice(0, start);
    this.rest = { items: ["block", ending(func.items.slice(start) as Form[], module.newLabel())] };
    const byEvent = eventNumber(this.rest, EVENT.code, module);
    this.entry = byEvent ?? keptNumber(newAt());
    this.rewriting = new Rewriting({ items: [...this.declared, this.rest] }, this.entry, EVENT.code, module);
    this.begin = takeStart(this.rest, this.rewriting.isWait);
    this.taken = takeEvents(this.rest, this.rewriting);
    if (byEvent) this.taken.add("code");
  }

  /** All its statements, as they are now. */
  get statements(): Form[] {
    return [...this.begin, this.rest];
  }

  /**
   * @param stored parts of the event that the second function is to store, for something loads them
   * @throws NotLinear when it has to be taken apart first; `func` is of no use then
   */
  split(stored: ReadonlySet<EventPart>): Entered {
    const { rest, rewriting } = this;
    const needed = liveBefore(operands(rest));
    const given = this.given(needed);
    const inMemory = rewriting.betterInMemory();
    for (const local of inMemory) {
      const zero = rewriting.moveToMemory(rest, local);
      if (!given.has(local)) this.begin.push(...zero);
    }
    const passed = this.passed(
      [...given, ...[...needed].sort()].filter((local) => !inMemory.includes(local)),
      stored,
    );
    const inPlace = [...given].filter((local) => ![...passed.values()].includes(local));
    for (const local of inPlace) this.keepWhereSet(local);
    const kept = inPlace.filter((local) => !inMemory.includes(local));
    const body = rewriting.enterable([...kept.map((local) => rewriting.bringBack(local)), ...operands(rest)]);
    const values = PARTS.map((part) => {
      const local = passed.get(part);
      return parseForm(local !== undefined && given.has(local) ? `(local.get ${local})` : "(i32.const 0)");
    });
    this.func.items = [
      ...this.declared,
      ...this.module.atBegin,
      ...this.begin,
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
    return { place: this.entry.value, event: { code, waitable, payload }, func: { items: func } };
  }

  /** The locals that the second function needs as the first leaves them: not those with their first value. */
  private given(needed: ReadonlySet<string>): Set<string> {
    const changed = new Set([...this.params, ...setIn(this.begin)]);
    return new Set([...needed].filter((local) => changed.has(local)).sort());
  }

  private get params(): string[] {
    const params = this.declared.filter((item) => isForm(item, "param"));
    return params.map(({ items }) => items[1] as string);
  }

  /** Puts a local's value into its place as soon as it is there. */
  private keepWhereSet(local: string): void {
    const last = this.begin.findLastIndex((form) => setIn([form]).has(local));
    this.begin.splice(last + 1, 0, this.rewriting.keep(local));
  }

  /**
   * Which local is passed in place of which part of an event. One that is needed with its first value is
   * passed as zero: it is one local less.
   * @param locals those that are to be passed first in front
   */
  private passed(locals: readonly string[], stored: ReadonlySet<EventPart>): Map<EventPart, string> {
    const free = PARTS.filter((part) => !this.taken.has(part) && !stored.has(part));
    const fitting = [...new Set(locals)].filter((local) => this.rewriting.types.get(local) === "i32");
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

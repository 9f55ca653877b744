/** One function that waits, so that it can be entered again where it waited. */
import {
  type Form,
  addLocals,
  bodyStart,
  headOf,
  isForm,
  operands,
  parseForm,
  rewriteInside,
} from "../passes/s-expression.js";
import { CallbackCode } from "./callback-module.js";
import { contains, linearBody, NotLinear, type Wait } from "./linear-body.js";
import { liveBehindWaits } from "./live-locals.js";
import { betterInMemory, moveToMemory } from "./locals-in-memory.js";

/** What a function is told about its module. */
export interface Surroundings {
  /** Which kind of call waits here, by the name of what is called; null when it does not wait. */
  readonly kindOf: (callee: string) => "wait" | "pause" | "inner" | null;
  readonly newLabel: () => string;
  /** The host is to write its events there. @throws NotLinear when another place was said before */
  readonly noteEvent: (address: number) => void;
  /** Where in static memory a local of this type is kept. */
  readonly newPlace: (type: string) => number;
  /** Name of the global that holds what the host is answered, for functions that it did not call itself. */
  readonly answer: () => string;
  /** Name of the global that holds the code of the event that came. */
  readonly code: () => string;
  /** Statements at the begin of a task and at its end. */
  readonly atBegin: readonly Form[];
  readonly atEnd: readonly Form[];
}

/**
 * Rewrites `func` in place.
 * @param at the global that says where it is entered: 0 at its start
 * @param isTask whether the host calls it, to begin a task
 * @throws NotLinear when it has to be taken apart first; `func` is of no use then
 */
export function makeResumable(func: Form, at: string, isTask: boolean, module: Surroundings): void {
  const rewriting = new Rewriting(func, at, isTask, module);
  const start = bodyStart(func);
  const first = rewriting.moveToMemory();
  const body = rewriting.body([...first, ...(func.items.slice(start) as Form[])]);
  func.items = [...func.items.slice(0, start), ...body];
  addLocals(func, rewriting.locals);
}

class Rewriting {
  readonly locals: Form[] = [];
  private readonly types: ReadonlyMap<string, string>;
  private readonly places = new Map<string, number>();
  private number = 0;

  constructor(
    private readonly func: Form,
    private readonly at: string,
    private readonly isTask: boolean,
    private readonly module: Surroundings,
  ) {
    const named = operands(func).filter((form) => ["param", "local"].includes(headOf(form)));
    this.types = new Map(named.map((form) => [form.items[1] as string, form.items[2] as string]));
  }

  /** Puts into memory what is better off there. @returns what has to run where the function begins */
  moveToMemory(): Form[] {
    const live = liveBehindWaits(this.func, this.isWait);
    return betterInMemory(this.func, live).flatMap((local) =>
      moveToMemory(this.func, local, this.types.get(local)!, this.place(local)),
    );
  }

  body(body: readonly Form[]): Form[] {
    const live = liveBehindWaits(this.func, this.isWait);
    const entering = {
      isWait: this.isWait,
      wait: (form: Form) => this.wait(form, live.get(form)!),
      newLabel: this.module.newLabel,
      at: parseForm(`(global.get ${this.at})`),
    };
    const statements = this.isTask ? [this.taskBody(body)] : body;
    const linear = linearBody(statements, entering);
    return this.isTask ? [...linear, ...this.module.atEnd, parseForm("(i32.const 0)")] : linear;
  }

  /** A task's statements. What its function answers is always EXIT, and is answered behind them. */
  private taskBody(body: readonly Form[]): Form {
    const done = this.module.newLabel();
    const last = body.at(-1)!;
    const end = headOf(last) === "return" ? last : { items: ["drop", last] };
    const block: Form = { items: ["block", done, ...this.module.atBegin, ...body.slice(0, -1), end] };
    rewriteInside(block, (form) =>
      headOf(form) === "return"
        ? { items: ["block", { items: ["drop", ...operands(form)] }, { items: ["br", done] }] }
        : form,
    );
    return block;
  }

  private wait(statement: Form, live: readonly string[]): Wait {
    const call = this.waitingCall(statement)!;
    const number = ++this.number;
    const restore = [
      parseForm(`(global.set ${this.at} (i32.const 0))`),
      ...live.map((local) => this.bringBack(local)),
    ];
    const leave = [
      ...live.map((local) => this.keep(local)),
      parseForm(`(global.set ${this.at} (i32.const ${number}))`),
    ];
    return this.module.kindOf(call.items[1] as string) === "inner"
      ? this.innerCall(statement, call, { number, leave, restore })
      : this.builtIn(statement, call, { number, leave, restore });
  }

  /** A wait for the host: the function comes back, and the next thing that happens is that it is entered. */
  private builtIn(statement: Form, call: Form, { number, leave, restore }: Crossing): Wait {
    const sets = headOf(statement) === "local.set";
    const code: Form = {
      items: ["local.set", statement.items[1]!, parseForm(`(global.get ${this.module.code()})`)],
    };
    return {
      number,
      before: [...leave, ...this.comingBack(this.answerTo(call))],
      entered: sets ? [...restore, code] : restore,
      joined: null,
    };
  }

  /** A call of a function that waits: when it comes back with an answer for the host, so does this one. */
  private innerCall(statement: Form, call: Form, { number, leave, restore }: Crossing): Wait {
    const before: Form[] = [];
    const passed = operands(call).map((argument): Form => {
      if (contains(argument, (form) => this.waitingCall(form) !== null)) throw new NotLinear("call");
      if (isForm(argument, "i32.const")) return argument;
      const local = this.newLocal(argument);
      before.push({ items: ["local.set", local, argument] });
      return { items: ["local.get", local] };
    });
    const again: Form = { ...call, items: [...call.items.slice(0, 2), ...passed] };
    const joined: Form =
      statement === call
        ? again
        : { ...statement, items: statement.items.map((item) => (item === call ? again : item)) };
    const answer = parseForm(`(global.get ${this.module.answer()})`);
    const leaving: Form = { items: ["then", ...leave, ...this.comingBack(null)] };
    return { number, before, entered: restore, joined: [joined, { items: ["if", answer, leaving] }] };
  }

  /**
   * Comes back to whoever called.
   * @param answer what the host is to be answered; null when that is known
   */
  private comingBack(answer: Form | null): Form[] {
    if (this.isTask)
      return [{ items: ["return", answer ?? parseForm(`(global.get ${this.module.answer()})`)] }];
    const result = operands(this.func).find((form) => headOf(form) === "result");
    const nothing = result ? [parseForm(`(${result.items[1] as string}.const 0)`)] : [];
    const told: Form[] = answer ? [{ items: ["global.set", this.module.answer(), answer] }] : [];
    return [...told, { items: ["return", ...nothing] }];
  }

  private answerTo(call: Form): Form {
    if (this.module.kindOf(call.items[1] as string) === "pause")
      return parseForm(`(i32.const ${CallbackCode.YIELD})`);
    const [set, event] = operands(call);
    if (!isForm(event, "i32.const") || contains(set!, changes)) throw new NotLinear("call");
    this.module.noteEvent(Number(event.items[1]));
    const shifted: Form = { items: ["i32.shl", set!, parseForm("(i32.const 4)")] };
    return { items: ["i32.or", shifted, parseForm(`(i32.const ${CallbackCode.WAIT})`)] };
  }

  private keep(local: string): Form {
    const place = parseForm(`(i32.const ${this.place(local)})`);
    return { items: [`${this.types.get(local)!}.store`, place, { items: ["local.get", local] }] };
  }

  private bringBack(local: string): Form {
    return parseForm(
      `(local.set ${local} (${this.types.get(local)!}.load (i32.const ${this.place(local)})))`,
    );
  }

  private place(local: string): number {
    const place = this.places.get(local) ?? this.module.newPlace(this.types.get(local)!);
    this.places.set(local, place);
    return place;
  }

  /** A local for `argument`, which is flat: a local or a constant. */
  private newLocal(argument: Form): string {
    const type = isForm(argument, "local.get")
      ? this.types.get(argument.items[1] as string)!
      : /^([if]\d\d)\.const$/.exec(headOf(argument))?.[1];
    if (type === undefined) throw new NotLinear("call");
    const local = `$passed|${this.locals.length}`;
    this.locals.push(parseForm(`(local ${local} ${type})`));
    return local;
  }

  private readonly isWait = (form: Form): boolean => this.waitingCall(form) !== null;

  /** The call that `statement` is, or whose result it sets or drops, when it waits. */
  private waitingCall(statement: Form): Form | null {
    const call = ["drop", "local.set"].includes(headOf(statement)) ? operands(statement)[0] : statement;
    return isForm(call, "call") && this.module.kindOf(call.items[1] as string) !== null ? call : null;
  }
}

/** A wait's number, and what is done when the function is left there and when it is entered. */
interface Crossing {
  readonly number: number;
  readonly leave: readonly Form[];
  readonly restore: readonly Form[];
}

function changes(form: Form): boolean {
  return ["call", "call_indirect", "local.tee", "local.set"].includes(headOf(form));
}

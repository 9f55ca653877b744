/** One function that waits, so that it can be entered again where it waited. */
import {
  type Form,
  addLocals,
  bodyStart,
  headOf,
  isForm,
  operands,
  parseForm,
} from "../passes/s-expression.js";
import { CallbackCode, waitingFor } from "./callback-module.js";
import { type EntryNumber, keptNumber } from "./entry-number.js";
import { contains, linearBody, NotLinear, type Wait } from "./linear-body.js";
import { liveBehindWaits } from "./live-locals.js";
import { betterInMemory, moveToMemory } from "./locals-in-memory.js";

/** What a function is told about its module. */
export interface Surroundings {
  /** Which kind of call waits here, by the name of what is called; null when it does not wait. */
  readonly kindOf: (callee: string) => "wait" | "pause" | "inner" | null;
  /** The code of the event that comes where this is called, a wait; null when that is not known. */
  readonly expected: (callee: string) => number | null;
  readonly newLabel: () => string;
  /** The host is to write its events there. @throws NotLinear when another place was said before */
  readonly noteEvent: (address: number) => void;
  /** Where in static memory a local of this type is kept. */
  readonly newPlace: (type: string) => number;
  /** Name of the global that holds what the host is answered, for functions that it did not call itself. */
  readonly answer: () => string;
  /** Name of the global that holds the code of the event that came, for such functions, too. */
  readonly code: () => string;
  /** Statements at the begin of a task, in front of each answer with which it waits, and at its end. */
  readonly atBegin: readonly Form[];
  readonly atLeave: readonly Form[];
  readonly atEnd: readonly Form[];
}

/**
 * Rewrites `func`, which others of the module call, in place.
 * @param at the global that says where it is entered: 0 at its start
 * @throws NotLinear when it has to be taken apart first; `func` is of no use then
 */
export function makeResumable(func: Form, at: string, module: Surroundings): void {
  const rewriting = new Rewriting(func, keptNumber(at), null, module);
  const start = bodyStart(func);
  const first = rewriting.betterInMemory().flatMap((local) => rewriting.moveToMemory(func, local));
  const body = rewriting.enterable([...first, ...(func.items.slice(start) as Form[])]);
  func.items = [...func.items.slice(0, start), ...body];
  addLocals(func, rewriting.locals);
}

/** A function on its way to one that can be entered where it waits. */
export class Rewriting {
  /** Locals that it has besides its own. */
  readonly locals: Form[] = [];
  /** The types of its own, parameters among them. */
  readonly types: ReadonlyMap<string, string>;
  private readonly places = new Map<string, number>();

  /**
   * @param func its waits
   * @param entry how it knows where it is entered
   * @param code the local that has the code of the event, where the host calls the function back; else null
   */
  constructor(
    private readonly func: Form,
    private readonly entry: EntryNumber,
    private readonly code: string | null,
    private readonly module: Surroundings,
  ) {
    const named = operands(func).filter((form) => ["param", "local"].includes(headOf(form)));
    this.types = new Map(named.map((form) => [form.items[1] as string, form.items[2] as string]));
  }

  /** The locals that are better off in memory. */
  betterInMemory(): string[] {
    return betterInMemory(this.func, this.live());
  }

  /** Puts a local into memory. @returns what has to run where `func` begins */
  moveToMemory(func: Form, local: string): Form[] {
    return moveToMemory(func, local, this.types.get(local)!, this.place(local));
  }

  /** @returns the statements of `body`, enterable at each wait */
  enterable(body: readonly Form[]): Form[] {
    const live = this.live();
    return linearBody(body, {
      isWait: this.isWait,
      wait: (form: Form) => this.wait(form, live.get(form)!),
      newLabel: this.module.newLabel,
      at: parseForm(this.entry.value),
    });
  }

  /** Its locals that are needed behind each wait: not an event, which comes with it. */
  private live(): Map<Form, string[]> {
    const live = liveBehindWaits(this.func, this.isWait);
    return new Map(
      [...live].map(([form, locals]) => [form, locals.filter((local) => this.types.has(local))]),
    );
  }

  private wait(statement: Form, live: readonly string[]): Wait {
    const call = this.waitingCall(statement)!;
    const number = this.entry.of(call.items[1] as string);
    const restore = [...this.entry.clear(), ...live.map((local) => this.bringBack(local))];
    const leave = [...live.map((local) => this.keep(local)), ...this.entry.leave(number)];
    return this.module.kindOf(call.items[1] as string) === "inner"
      ? this.innerCall(statement, call, { number, leave, restore })
      : this.builtIn(statement, call, { number, leave, restore });
  }

  private eventCode(): Form {
    return parseForm(this.code === null ? `(global.get ${this.module.code()})` : `(local.get ${this.code})`);
  }

  /** A wait for the host: the function comes back, and the next thing that happens is that it is entered. */
  private builtIn(statement: Form, call: Form, { number, leave, restore }: Crossing): Wait {
    const sets = headOf(statement) === "local.set";
    return {
      number,
      before: [...leave, ...this.comingBack(this.answerTo(call))],
      entered: sets ? [...restore, { items: ["local.set", statement.items[1]!, this.eventCode()] }] : restore,
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
    if (this.code !== null) {
      const told = answer ?? parseForm(`(global.get ${this.module.answer()})`);
      const leaving = structuredClone(this.module.atLeave);
      if (leaving.length === 0) return [{ items: ["return", told] }];
      const local = this.addLocal("i32");
      const kept: Form = { items: ["local.set", local, told] };
      return [kept, ...leaving, parseForm(`(return (local.get ${local}))`)];
    }
    const result = operands(this.func).find((form) => headOf(form) === "result");
    const nothing = result ? [parseForm(`(${result.items[1] as string}.const 0)`)] : [];
    const told: Form[] = answer ? [{ items: ["global.set", this.module.answer(), answer] }] : [];
    return [...told, { items: ["return", ...nothing] }];
  }

  private answerTo(call: Form): Form {
    if (this.module.kindOf(call.items[1] as string) === "pause")
      return parseForm(`(i32.const ${CallbackCode.YIELD})`);
    const [set] = operands(call);
    if (contains(set!, changes)) throw new NotLinear("call");
    this.module.noteEvent(eventOf(call));
    return waitingFor(set!);
  }

  /** Puts a local's value into its place. */
  keep(local: string): Form {
    const place = parseForm(`(i32.const ${this.place(local)})`);
    return { items: [`${this.types.get(local)!}.store`, place, { items: ["local.get", local] }] };
  }

  /** Takes it back from there. */
  bringBack(local: string): Form {
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
    return this.addLocal(type);
  }

  private addLocal(type: string): string {
    const local = `$made|${this.locals.length}`;
    this.locals.push(parseForm(`(local ${local} ${type})`));
    return local;
  }

  /** Whether a statement waits. */
  readonly isWait = (form: Form): boolean => this.waitingCall(form) !== null;

  /**
   * Where the host writes the event behind `statement`, which is a wait for it; null when it is not.
   * @throws NotLinear
   */
  readonly eventBehind = (statement: Form): number | null => {
    const call = this.waitingCall(statement);
    if (!call || this.module.kindOf(call.items[1] as string) !== "wait") return null;
    const event = eventOf(call);
    this.module.noteEvent(event);
    return event;
  };

  /** The call that `statement` is, or whose result it sets or drops, when it waits. */
  waitingCall(statement: Form): Form | null {
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

/** Where a call that waits has its event written. */
function eventOf(call: Form): number {
  const [, event] = operands(call);
  if (!isForm(event, "i32.const")) throw new NotLinear("call");
  return Number(event.items[1]);
}

function changes(form: Form): boolean {
  return ["call", "call_indirect", "local.tee", "local.set"].includes(headOf(form));
}

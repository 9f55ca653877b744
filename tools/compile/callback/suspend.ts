/**
 * Strategy `callback` without a stack: a function that waits answers the host there, and is entered again at
 * that very place when the host calls back.
 *
 * It starts from the finished module of strategy `wait`. Where a task's function called `waitable-set.wait`
 * it keeps the locals that it still needs in static memory, notes the place's number in a global, and answers
 * WAIT and the set. Its callback stores the event and calls the function again, which goes on from the place
 * (linear-body.ts). A function between the task's and the wait does the same: it comes back to its caller,
 * which finds an answer for the host and comes back too. An item that is there costs two instructions more.
 *
 * Each function has one place for its locals, so none may be called while it waits: see waiting-functions.ts.
 * One task at a time is in progress, and raises backpressure while it lasts; or each has a block of memory of
 * its own, see task-blocks.ts.
 * Spec: CanonicalABI.md, canon lift (callback), backpressure.inc and backpressure.dec
 */
import { BACKPRESSURE_IMPORTS, LOWER, RAISE } from "../backpressure.js";
import { CALLBACK_STACK } from "../../source/static-places.js";
import { asyncLifted, callbackName, REALLOC } from "../../wit/canonical-names.js";
import type { ExportName } from "../link.js";
import { optimizeAgain, withModule } from "../optimize.js";
import { freshLabels } from "../passes/fresh-labels.js";
import { bodyStart, type Form, headOf, operands, parseForm, printForm } from "../passes/s-expression.js";
import { type CallbackModule, strategyFunction } from "./callback-module.js";
import { removeWaits, waitFunctions } from "./expected-events.js";
import { EVENT_WORDS, type EventWord, wordsLoaded } from "./event-loads.js";
import { NotLinear } from "./linear-body.js";
import {
  addImports,
  exportOf,
  functionsOf,
  importedFunction,
  memoryEnd,
  PAUSE,
  parseAll,
  removeImport,
  setMemoryEnd,
  valueBytes,
} from "../module-parts.js";
import { plainName } from "../own-places.js";
import { makeResumable, type Surroundings } from "./resumable-function.js";
import { type Entered, TaskFunction } from "./task-function.js";
import { aroundTask, CONTEXT_IMPORTS, plainWrapper, RESUME_BLOCK, TASK_GLOBAL } from "./task-wrappers.js";
import { TASK_BASES } from "./task-addresses.js";
import { waitingFunctions } from "./waiting-functions.js";

/**
 * Gives a finished module of strategy `wait` the strategy `callback`.
 * @param exports   the guest's, `[callback]` ones among them
 * @param freeWords addresses of words that have no other use
 * @returns null when its functions wait where this way cannot go on
 */
export function suspend(
  text: string,
  exports: readonly ExportName[],
  freeWords: readonly number[] = [],
): CallbackModule | null {
  const suspending = suspended(text, exports, { end: null, freeWords });
  return suspending && suspending.finish();
}

/** A module of strategy `callback` whose tasks have no place yet. */
export interface UnplacedTasks {
  readonly module: Form;
  /** Where the memory of a task ends. */
  readonly end: number;
  /** Addresses of words of a task's frames in which what it needs behind a wait is kept. */
  readonly words: readonly number[];
  /** Further words of these that have no use. */
  readonly freeWords: readonly number[];
  /** Whether functions that are no task's need a block. */
  readonly spare: boolean;
  /** Whether the host lowers parameters into a block before a task has taken it. */
  readonly lowers: boolean;
}

/**
 * The same with several tasks, as far as it goes without knowing where their memory is to be.
 * @param taskEnd   where the memory of a task ends in `text`
 * @param freeWords as for `suspend`
 */
export function suspendTasks(
  text: string,
  exports: readonly ExportName[],
  taskEnd: number,
  freeWords: readonly number[],
): UnplacedTasks | null {
  const own = freeWords.filter((address) => address >= TASK_BASES[0]);
  const suspending = suspended(text, exports, { end: taskEnd, freeWords: own });
  return suspending && suspending.finishTasks();
}

/** Memory in which a task keeps what it needs behind its waits. */
interface KeepingMemory {
  /** Where the memory of each of several tasks ends; null when there is one at a time. */
  readonly end: number | null;
  readonly freeWords: readonly number[];
}

function suspended(text: string, exports: readonly ExportName[], memory: KeepingMemory): Suspending | null {
  const flattened = new Set<string>();
  for (;;) {
    const module = parseForm(flattened.size > 0 ? flatten(text, flattened) : text);
    const suspending = Suspending.of(module, exports, memory);
    const refused = suspending && suspending.rewrite();
    if (refused === null) return suspending;
    if (flattened.has(refused)) return null;
    flattened.add(refused);
  }
}

/** Takes apart the expressions of these functions, so that each call is a statement. */
function flatten(text: string, names: ReadonlySet<string>): string {
  return withModule(text, (module) => {
    for (const name of names) module.runPassesOnFunction(plainName(name), ["flatten"]);
    return module.emitText();
  });
}

/** What the host is answered while a task waits, where functions between the task's and the wait tell it. */
const ANSWER = "$rill_answer";
/** The code of the event that the task is called back with. */
const CODE = "$rill_code";

/** One module on its way. */
class Suspending {
  private readonly functions: ReadonlyMap<string, Form>;
  private readonly address: number;
  private end: number;
  private readonly freeWords: number[];
  /** Those that were free and are taken now. */
  private readonly words: number[] = [];
  private readonly globals = new Set<string>();
  /** Where the host's events go; null as long as no wait has told. */
  private event: number | null = null;
  /** The parts of an event that go to memory, and where. */
  private stored: ReadonlyMap<EventWord, number> = new Map();
  /** What is called back, by the names of the tasks' functions. */
  private readonly entered = new Map<string, Entered>();
  /** What a task does at its begin, where it waits and at its end, made anew. */
  private readonly around: () => Pick<Surroundings, "atBegin" | "atLeave" | "atEnd">;

  private constructor(
    private readonly module: Form,
    /** The functions that wait for an event, with its code where that is known. */
    private readonly waits: ReadonlyMap<string, number | null>,
    private readonly pause: string | null,
    /** The tasks' functions, and under which names they are exported. */
    private readonly tasks: ReadonlyMap<string, readonly string[]>,
    private readonly waiting: ReadonlySet<string>,
    { end, freeWords }: KeepingMemory,
  ) {
    this.functions = functionsOf(module);
    this.address = this.end = end ?? memoryEnd(module);
    this.freeWords = [...freeWords];
    if (end === null) {
      this.around = () => ({
        atBegin: parseAll(`(call ${RAISE})`),
        atLeave: [],
        atEnd: parseAll(`(call ${LOWER})`),
      });
    } else {
      this.around = () => aroundTask(this.lowers());
    }
  }

  /** @returns null when a function waits that cannot be entered again */
  static of(module: Form, exports: readonly ExportName[], memory: KeepingMemory): Suspending | null {
    const waits = waitFunctions(module);
    const pause = importedFunction(module, PAUSE);
    const tasks = new Map<string, string[]>();
    for (const { canonical } of exports) {
      if (asyncLifted(canonical) === null) continue;
      const name = operands(exportOf(module, canonical))[0]!.items[1] as string;
      tasks.set(name, [...(tasks.get(name) ?? []), canonical]);
    }
    const builtIns = new Set([...waits.keys(), pause].filter((name) => name !== null));
    const waiting = waitingFunctions(module, builtIns, new Set(tasks.keys()));
    return waiting && new Suspending(module, waits, pause, tasks, waiting, memory);
  }

  /** @returns a function that has to be taken apart first; null when all is done */
  rewrite(): string | null {
    const newLabel = freshLabels(this.module, "$wait");
    const taskFunctions = new Map<string, TaskFunction>();
    let current = "";
    try {
      for (const name of this.waiting) {
        current = name;
        const func = this.functions.get(name)!;
        const newAt = (): string => this.global(`$rill_at|${this.globals.size}`);
        const around = this.surroundings(newLabel);
        if (!this.tasks.has(name)) makeResumable(func, newAt(), around);
        else taskFunctions.set(name, new TaskFunction(func, enteredName(name), newAt, around));
      }
      this.stored = this.storedWords(taskFunctions);
      for (const [name, taskFunction] of taskFunctions) {
        current = name;
        this.entered.set(name, taskFunction.split(new Set(this.stored.keys())));
      }
    } catch (error) {
      if (error instanceof NotLinear) return current;
      throw error;
    }
    return null;
  }

  /** Where parts of an event are that something loads. */
  private storedWords(taskFunctions: ReadonlyMap<string, TaskFunction>): Map<EventWord, number> {
    const { event } = this;
    if (event === null) return new Map();
    const others = [...this.functions].filter(([name]) => !taskFunctions.has(name)).map(([, func]) => func);
    const tasks = [...taskFunctions.values()].flatMap(({ statements }) => statements);
    const words = wordsLoaded({ items: [...others, ...tasks] }, event);
    return new Map([...words].map((word) => [word, event + EVENT_WORDS[word]]));
  }

  finish(): CallbackModule {
    this.replaceImports(BACKPRESSURE_IMPORTS);
    for (const name of this.tasks.keys()) this.addEntered(name, "");
    this.addGlobals();
    const bytes = this.end - this.address;
    if (bytes > 0) setMemoryEnd(this.module, this.end);
    return {
      text: optimizeAgain(printForm(this.module)),
      stack: bytes > 0 ? { name: CALLBACK_STACK, address: this.address, bytes } : null,
      words: this.words,
    };
  }

  finishTasks(): UnplacedTasks {
    this.replaceImports(`${BACKPRESSURE_IMPORTS}${CONTEXT_IMPORTS}`);
    for (const [name, canonical] of this.tasks)
      if (this.waiting.has(name)) this.addEntered(name, RESUME_BLOCK);
      else this.wrapPlain(name, canonical);
    const plain = this.wrapOthers();
    this.addGlobals();
    this.module.items.push(...parseAll(TASK_GLOBAL), ...plain);
    const { module, end, words, freeWords } = this;
    return { module, end, words, freeWords, spare: plain.length > 0, lowers: this.lowers() };
  }

  private replaceImports(text: string): void {
    removeWaits(this.module);
    removeImport(this.module, PAUSE);
    addImports(this.module, text);
  }

  private addGlobals(): void {
    const globals = [...this.globals].map((name) => `(global ${name} (mut i32) (i32.const 0))`);
    this.module.items.push(...parseAll(globals.join(" ")));
  }

  private surroundings(newLabel: () => string): Surroundings {
    return {
      kindOf: (callee) =>
        this.waits.has(callee)
          ? "wait"
          : callee === this.pause
            ? "pause"
            : this.waiting.has(callee)
              ? "inner"
              : null,
      expected: (callee) => this.waits.get(callee) ?? null,
      newLabel,
      noteEvent: (address) => {
        if (this.event !== null && address !== this.event) throw new NotLinear("another event");
        this.event = address;
      },
      newPlace: (type) => this.place(type),
      answer: () => this.global(ANSWER),
      code: () => this.global(CODE),
      ...this.around(),
    };
  }

  private global(name: string): string {
    this.globals.add(name);
    return name;
  }

  private place(type: string): number {
    const bytes = valueBytes(type);
    const free = this.freeWords.findIndex(
      (word) => word % bytes === 0 && (bytes === 4 || this.freeWords.includes(word + 4)),
    );
    if (free >= 0) {
      const taken = this.freeWords.splice(free, bytes / 4);
      this.words.push(...taken);
      return taken[0]!;
    }
    const address = Math.ceil(this.end / bytes) * bytes;
    this.end = address + bytes;
    return address;
  }

  /** What the host calls back: takes in the event, and goes on where the task waits. */
  private addEntered(task: string, first: string): void {
    const entered = this.entered.get(task);
    if (!entered) return;
    const { func } = entered;
    func.items.splice(bodyStart(func), 0, ...parseAll(`${first} ${this.takingIn(entered)}`));
    this.module.items.push(func);
    for (const lifted of this.tasks.get(task)!)
      this.exported(callbackName(asyncLifted(lifted)!), enteredName(task));
  }

  private wrapPlain(task: string, canonical: readonly string[]): void {
    const lifted = strategyFunction("lift", canonical[0]!);
    for (const name of canonical) this.exported(name, lifted);
    this.module.items.push(...plainWrapper(lifted, task, this.functions.get(task)!));
  }

  /** Exports `func` by a name that something else is exported by. */
  private exported(canonical: string, func: string): void {
    operands(exportOf(this.module, canonical))[0]!.items[1] = func;
  }

  /** Puts functions around those that are no task's, but for the allocator: it works for whoever asks. */
  private wrapOthers(): Form[] {
    const wrapped = new Map<string, Form[]>();
    for (const form of operands(this.module)) {
      const target = operands(form)[0];
      if (headOf(form) !== "export" || headOf(target!) !== "func") continue;
      const name = JSON.parse(form.items[1] as string) as string;
      const callee = target!.items[1] as string;
      const func = this.functions.get(callee);
      if (name === REALLOC || name.startsWith("[callback]") || asyncLifted(name) !== null || !func) continue;
      const wrapper = strategyFunction("call", name);
      wrapped.set(wrapper, plainWrapper(wrapper, callee, func));
      target!.items[1] = wrapper;
    }
    return [...wrapped.values()].flat();
  }

  private lowers(): boolean {
    return operands(this.module).some(
      (form) => headOf(form) === "export" && form.items[1] === JSON.stringify(REALLOC),
    );
  }

  /** Statements that take in the event that a task is called back with. */
  private takingIn({ place, event }: Entered): string {
    const stores = [...this.stored].map(
      ([word, address]) => `(i32.store (i32.const ${address}) (local.get ${event[word]}))`,
    );
    const steps = stores.length > 0 ? [`(if ${place} (then ${stores.join(" ")}))`] : [];
    if (this.globals.has(CODE)) steps.push(`(global.set ${CODE} (local.get ${event.code}))`);
    if (this.globals.has(ANSWER)) steps.push(`(global.set ${ANSWER} (i32.const 0))`);
    return steps.join(" ");
  }
}

/** The name of what is left of a task's function where it can be entered. */
function enteredName(task: string): string {
  return `${task}|entered`;
}

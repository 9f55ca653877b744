/**
 * Runs a guest's calls against the model, again and again in one instance: memory
 * and globals are put back before each run.
 */
import type { CheckingModule } from "../instrumentation/checking-module.js";
import { LINE_EXPORT, LINE_GLOBAL } from "../instrumentation/guest-lines.js";
import { GATE } from "../instrumentation/instrument.js";
import { FIRST_ADDRESS, FIRST_FRAME } from "../instrumentation/spill-area.js";
import { UserError } from "../../errors/user-error.js";
import type { Task } from "../../host/tasks/task.js";
import { type Event, EventCode } from "../../host/tasks/waitable.js";
import { CoreValues, type CoreValue, liftValues, lowerValues } from "../../host/values/flat.js";
import { asyncLifted, callbackName, postReturnName, REALLOC } from "../../wit/canonical-names.js";
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, flatten } from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import { Found, NeverReturns, NoRoom } from "../found.js";
import type { LoggedCall } from "../model/call-log.js";
import type { Bounds } from "../model/bounds.js";
import type { End } from "../model/end.js";
import { resourceKey } from "../model/held-resources.js";
import { ModelHost } from "../model/host.js";
import { bindImports } from "../model/imports.js";
import type { Destructor, Entry, Plan } from "../model/plan.js";
import { saltOf, sampleOrder, sampleValue } from "../model/sample-values.js";
import { ShadowMemory } from "../shadow/shadow-memory.js";
import { type Choices, Noting } from "../model/choices.js";
import { StateHash } from "./state-hash.js";

/** Rounds of loops that a run may take before the guest counts as lost. */
export const LOOP_BUDGET = 200_000;

/**
 * How often the host interrupts the first call of a run while it waits, and how often all others: less
 * where it can do so with many functions.
 */
const INTERRUPTIONS = { first: 2, later: 1 };
const FEWER_INTERRUPTIONS = { first: 1, later: 0 };
/** Functions that are few. */
const FEW = 4;

/**
 * What a callback answers: its code, and the set that it waits for.
 * Spec: CanonicalABI.md, canon lift (callback)
 */
const CallbackCode = { EXIT: 0, YIELD: 1, WAIT: 2 } as const;
const CALLBACK_CODE_MASK = 15;
const CALLBACK_SET_SHIFT = 4;

/** The static object where the guest library keeps the event that a task waits for. */
const EVENT = "`EVENT`";

/** What the host may still do to a run. */
export interface Credit {
  readonly interruptions: number;
  /** Tasks that are there and were not cancelled. */
  readonly cancels: number;
}

/** Room to take a number's bits apart. */
const bits = new DataView(new ArrayBuffer(8));

const noTrap = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof WebAssembly.RuntimeError);

/** A guest with its model. */
export class GuestRunner {
  /** The model of the host. */
  readonly host: ModelHost;
  /** The state of every byte. */
  readonly shadow: ShadowMemory;
  private readonly instance: WebAssembly.Instance;
  private readonly words: Int32Array;
  private readonly memory: Uint8Array;
  private readonly initial: Uint8Array;
  /**
   * `isState`: whether the guest goes by it; the line that the trace shows does not make a state another one.
   */
  private readonly globals: readonly {
    readonly global: WebAssembly.Global;
    readonly initial: unknown;
    readonly isState: boolean;
  }[];
  private readonly line: WebAssembly.Global | null = null;
  private readonly steps: WebAssembly.Global;
  private readonly frames: WebAssembly.Global;
  private readonly stateHash = new StateHash();
  private readonly dataWords: number;
  private readonly destructors: readonly Destructor[];
  private readonly events: readonly number[];
  private readonly syncEntries: readonly Entry[];
  private readonly interruptionsMost: typeof INTERRUPTIONS;
  /** How often the host may still interrupt this run. */
  private interruptionsLeft = 0;
  /** Functions that the host calls while others wait, one inside of the other, as numbers. */
  private interrupting: number[] = [];
  /** Whether a task waits outside of its core code, where the host can begin another. */
  private outsideCore = false;
  /** Which call of the run is being made. */
  private call = 0;
  private entry = 0;

  /**
   * @throws UserError when the module is no guest: unknown imports, a start
   * function that traps, no such export
   */
  constructor(
    readonly module: CheckingModule,
    readonly plan: Plan,
    readonly bounds: Bounds,
  ) {
    const shared: { memory?: Int32Array } = {};
    const spillWord = module.spillBase >> 2;
    const site = (): number => shared.memory?.[spillWord] ?? -1;
    this.shadow = new ShadowMemory(module.dataEnd, module.sites, module.objects);
    this.host = new ModelHost(this.shadow, bounds, site, () => this.lineNumber, plan.element);
    const imports = bindImports(module.module, plan, this.host);
    imports[GATE] = this.gateHooks();
    this.instance = instantiate(module.module, imports);
    const { exports } = this.instance;
    const memory = exports.memory;
    if (!(memory instanceof WebAssembly.Memory))
      throw new UserError("the module exports no memory: it is not a guest of as-rill");
    this.words = shared.memory = new Int32Array(memory.buffer);
    this.memory = new Uint8Array(memory.buffer);
    this.destructors = plan.destructors.filter(({ name }) => typeof exports[name] === "function");
    for (const { name, resource } of plan.destructors) {
      const has = typeof exports[name] === "function";
      this.host.resources.implement(resource, (state) => {
        if (has) this.callInside(name, [state]);
      });
    }
    this.syncEntries = plan.entries.filter((entry) => !entry.async);
    const many = this.syncEntries.length + this.destructors.length > FEW;
    this.interruptionsMost = many ? FEWER_INTERRUPTIONS : INTERRUPTIONS;
    this.host.meanwhile.interruptedBy(() => this.interruptions());
    const events = module.objects.filter(({ name }) => name === EVENT).map(({ address }) => address);
    this.events = events.length > 0 ? events : [FIRST_ADDRESS];
    this.dataWords = Math.ceil(module.dataEnd / 4);
    this.initial = this.memory.slice(0, this.dataWords * 4);
    this.globals = module.globals.map(({ name, exported }) => {
      const global = exports[exported] as WebAssembly.Global;
      return { global, initial: global.value as unknown, isState: name !== LINE_GLOBAL };
    });
    this.host.memory.attach({
      bytes: this.memory,
      dataEnd: this.dataWords * 4,
      globals: this.globals.map(({ global }) => global),
      realloc:
        typeof exports[REALLOC] === "function" ? (...args) => this.callInside(REALLOC, args) as number : null,
    });
    this.steps = exports["gate|steps"] as WebAssembly.Global;
    this.frames = exports["gate|frames"] as WebAssembly.Global;
    const lineGlobal = exports[LINE_EXPORT];
    this.line = lineGlobal instanceof WebAssembly.Global ? lineGlobal : null;
    for (const { name } of plan.entries)
      if (typeof exports[name] !== "function")
        throw new UserError(`the module does not export ${name}: it is not a guest of this world`);
  }

  /** Number of the guest's line that called the library last; 0 when nobody knows. */
  get lineNumber(): number {
    return this.line ? (this.line.value as number) : 0;
  }

  /**
   * What the host may still do to the run besides answering: of two states that are equal
   * otherwise the one with more shows more.
   */
  get credit(): Credit {
    return { interruptions: this.interruptionsLeft, cancels: this.host.tasks.cancellable };
  }

  /**
   * Calls the guest from inside a canonical call: what that call noted of
   * itself, and of the frames below it, stays.
   */
  private callInside(name: string, args: readonly CoreValue[]): CoreValue | undefined {
    const at = this.module.spillBase >> 2;
    const site = this.words[at]!;
    const end = this.words[at + 1]!;
    const frames = this.frames.value as number;
    this.frames.value = end;
    const answer = this.callCore(name, args);
    this.frames.value = frames;
    this.words[at] = site;
    this.words[at + 1] = end;
    return answer;
  }

  private gateHooks(): WebAssembly.ModuleImports {
    const { shadow } = this;
    return {
      load: (ptr: number, site: number) => {
        shadow.load(ptr, site);
        return ptr;
      },
      store: (ptr: number, site: number) => {
        shadow.store(ptr, site);
        return ptr;
      },
      grow: (_pages: number, site: number) => {
        throw new Found("memory-grow", "the guest grows its memory", site);
      },
      loop: (site: number) => {
        throw new NeverReturns(site);
      },
    };
  }

  /**
   * Makes `calls` calls, one after the other.
   * @throws Found, Pruned, NeverReturns or what the choices throw
   */
  run(choices: Choices, calls: number, log: LoggedCall[] | null = null): void {
    const noting = new Noting(choices);
    try {
      this.runOnce(noting, calls, log, true);
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      log?.splice(0);
      this.runOnce(noting.again(), calls, log, false);
    }
  }

  /** @param sparing whether the gate may leave some of the arena unused */
  private runOnce(choices: Choices, calls: number, log: LoggedCall[] | null, sparing: boolean): void {
    this.memory.set(this.initial);
    for (const { global, initial } of this.globals) global.value = initial;
    this.steps.value = LOOP_BUDGET;
    this.frames.value = this.module.spillBase;
    this.host.begin(choices, log);
    this.host.arena.sparing = sparing;
    this.interruptionsLeft = this.interruptionsMost.first;
    this.interrupting = [];
    this.outsideCore = false;
    for (this.call = 0; this.call < calls; this.call++) {
      this.leaveCore();
      if (this.call > 0)
        this.interruptionsLeft = Math.min(this.interruptionsLeft, this.interruptionsMost.later);
      const { entries } = this.plan;
      this.entry = -1;
      this.entry = choices.choose(entries.length + this.destructors.length);
      if (this.entry < entries.length) this.callEntry(entries[this.entry]!);
      else this.destroyHeld(this.destructors[this.entry - entries.length]!);
    }
  }

  private callEntry(entry: Entry): void {
    const { host } = this;
    host.beginCall(this.call, host.run.choose(entry.kinds));
    let blocks: readonly number[] = [];
    host.tasks.call(entry.func, (task) => {
      const { args, blocks: own } = this.begin(entry, task);
      blocks = own;
      const answer = task.runCore(() => this.callCore(entry.name, args));
      if (entry.async) this.callBack(entry, task, Number(answer));
      else this.takeResult(entry, answer);
      host.tasks.exit();
    });
    host.endCall(blocks);
  }

  /** Lowers the parameters of a call. */
  private begin(
    { func }: Entry,
    task: Task,
  ): { readonly args: readonly CoreValue[]; readonly blocks: readonly number[] } {
    const { host } = this;
    const { run } = host;
    let args: readonly CoreValue[] = [];
    const blocks = host.memory.gather(() => {
      args = this.lowerParams(func, task);
    });
    if (run.traced)
      run.note(`the host calls \`${func.name}\``, args.length > 0 ? `with ${args.join(", ")}` : "");
    return { args, blocks };
  }

  /** Calls the guest back with one event after the other, for as long as it answers that it waits. */
  private callBack({ name }: Entry, task: Task, answer: number): void {
    const { host } = this;
    for (let answered = answer; answered !== CallbackCode.EXIT;) {
      const code = answered & CALLBACK_CODE_MASK;
      if (code !== CallbackCode.WAIT && code !== CallbackCode.YIELD)
        throw host.run.broken(
          "illegal-call",
          `the task answers ${answered}, which is none of EXIT, YIELD and WAIT`,
        );
      this.leaveCore();
      this.outsideCore = this.interrupting.length === 0;
      const event = host.instance.suspended(() =>
        this.nextEvent(task, code, answered >>> CALLBACK_SET_SHIFT),
      );
      this.outsideCore = false;
      answered = Number(task.runCore(() => this.callCore(callbackName(asyncLifted(name)!), event)));
    }
  }

  /** What the task is called back with. */
  private nextEvent(task: Task, code: number, set: number): Event {
    const { host } = this;
    const cancel = (): Event => {
      task.requestCancellation();
      task.deliverPendingCancel();
      host.run.say("its caller cancels it");
      return [EventCode.TASK_CANCELLED, 0, 0];
    };
    const nothing = (): Event => [EventCode.NONE, 0, 0];
    const more = task.state === "started" && !this.isWitnessed ? [cancel] : [];
    if (code === CallbackCode.WAIT) return host.waitables.next(set, this.events, more);
    host.waitables.pause();
    const ways = [nothing, ...more];
    return ways[host.run.choose(ways.length)]!();
  }

  /** No frame of the guest's is there, and no call is being made. */
  private leaveCore(): void {
    const at = this.module.spillBase >> 2;
    this.words[at] = -1;
    this.words[at + 1] = this.module.spillBase;
    this.frames.value = this.module.spillBase;
  }

  /**
   * While a task waits the host may call any function that does not wait, and drop what it holds; where the
   * task is outside of its core code and nobody has asked that no other begin, another task too.
   */
  private interruptions(): (() => void)[] {
    if (this.interruptionsLeft === 0 || this.interrupting.length > 0 || this.isWitnessed) return [];
    const { held, instance } = this.host;
    const tasks = this.outsideCore && instance.backpressure === 0 ? this.plan.entries : this.syncEntries;
    const calls = tasks
      .filter(({ needs }) => needs.every((type) => held.has(type)))
      .map((entry, index) => () => {
        this.interrupt(index, () => {
          this.callMeanwhile(entry);
        });
      });
    const drops = this.destructors
      .filter(({ resource }) => held.has(resourceKey(resource)))
      .map((destructor, index) => () => {
        this.interrupt(tasks.length + index, () => {
          this.destroy(destructor);
        });
      });
    return [...calls, ...drops];
  }

  /**
   * Two modules are compared, maybe of different waiting strategies: what a host can
   * do to one of them only, it does to none.
   */
  private get isWitnessed(): boolean {
    return this.host.run.witness !== null;
  }

  private interrupt(number: number, body: () => void): void {
    this.interruptionsLeft--;
    this.interrupting.push(number);
    this.host.instance.suspended(body);
    this.interrupting.pop();
  }

  private callMeanwhile(entry: Entry): void {
    const { host } = this;
    host.tasks.call(entry.func, (task) => {
      const { args, blocks } = this.begin(entry, task);
      const others = host.memory.gather(() => {
        const answer = task.runCore(() => this.callInside(entry.name, args));
        if (entry.async) this.callBack(entry, task, Number(answer));
        else this.takeResult(entry, answer);
      });
      if (others.length === 0) host.leftovers.requireGivenBack(blocks, "when the function has returned");
      host.tasks.exit();
    });
  }

  private callCore(name: string, args: readonly CoreValue[]): CoreValue | undefined {
    const core = this.instance.exports[name] as (...values: CoreValue[]) => CoreValue | undefined;
    try {
      return core(...args);
    } catch (error) {
      if (noTrap(error) && !isStackOverflow(error)) throw error;
      throw new Found("guest-trap", `the guest traps: ${(error as Error).message}`, this.host.run.site());
    }
  }

  /** The host drops a resource that the guest implements. */
  private destroyHeld(destructor: Destructor): void {
    this.host.beginCall(this.call, 0);
    this.destroy(destructor);
    this.host.endCall([]);
  }

  private destroy({ name, resource }: Destructor): void {
    const { host } = this;
    const key = resourceKey(resource);
    const state = host.held.take(key, host.run);
    host.run.note(`the host drops a \`${key}\``);
    this.callInside(name, [state]);
  }

  /** Samples for all parameters. */
  private lowerParams({ params }: FunctionType, task: Task): CoreValue[] {
    const { host } = this;
    const { values, copies } = host;
    const types = params.map(({ type }) => type);
    const given = types.map((type) => sampleValue(type, sampleOrder[host.kind]!));
    const before = host.expectations.any ? host.table.waitables().length : 0;
    const together = types.flatMap(flatten).length > MAX_FLAT_PARAMS;
    const args = together
      ? values.passed("a parameter", () => lowerValues(values.lowering(task), MAX_FLAT_PARAMS, given, types))
      : params.flatMap(({ name, type }, index) =>
          copies.salted(saltOf(index), () =>
            values.passed(`\`${name}\``, () =>
              lowerValues(values.lowering(task), MAX_FLAT_PARAMS, [given[index]!], [type]),
            ),
          ),
        );
    if (host.expectations.any) {
      const ends = host.table.waitables().slice(before) as End[];
      host.tasks.give({ params: given, ends });
    }
    return args;
  }

  /** A sync function's result is read, then the guest is told so. */
  private takeResult({ name, func }: Entry, answer: CoreValue | undefined): void {
    const { host } = this;
    const { values } = host;
    const { result } = func;
    if (result === null) {
      host.tasks.answered(null);
      return;
    }
    const core = [answer!];
    const [value] = values.passed(`the result of \`${func.name}\``, () =>
      liftValues(values.lifting(), MAX_FLAT_RESULTS, new CoreValues(core), [result]),
    );
    host.run.witnessValue(value!);
    host.tasks.answered(value!);
    const post = postReturnName(name);
    if (typeof this.instance.exports[post] === "function")
      host.instance.withoutLeaving(() => this.callInside(post, core));
  }

  /** Whether the guest's state is all in memory at the call that is being made. */
  get prunable(): boolean {
    const { spillBase, sites } = this.module;
    const end = this.words[(spillBase >> 2) + 1]!;
    for (let at = spillBase; at < end;) {
      const site = sites[this.words[(at + FIRST_FRAME) >> 2]!];
      if (!site?.prunable || site.frameByteLength === 0) return false;
      at += site.frameByteLength;
    }
    return true;
  }

  /** A hash of the whole state at the call that is being made: memory, globals, locals, shadow and model. */
  hash(): number {
    const { spillBase } = this.module;
    const hash = this.stateHash;
    hash.ranges(this.words, this.shadow.objectWords);
    hash.words(this.words, spillBase >> 2, (this.words[(spillBase >> 2) + 1]! + FIRST_FRAME) >> 2);
    hash.ranges(this.shadow.words, this.shadow.shadowWords);
    for (const { global, isState } of this.globals) {
      if (!isState) continue;
      const value = global.value as number | bigint;
      if (typeof value === "bigint") {
        hash.word(Number(BigInt.asIntN(32, value)));
        hash.word(Number(BigInt.asIntN(32, value >> 32n)));
      } else {
        bits.setFloat64(0, value);
        hash.word(bits.getInt32(0));
        hash.word(bits.getInt32(4));
      }
    }
    hash.word(this.call);
    hash.word(this.entry);
    hash.word(this.host.run.asked);
    for (const number of this.interrupting) hash.word(number);
    hash.word(this.interrupting.length);
    this.host.words((word) => {
      hash.word(word);
    });
    return hash.finish();
  }
}

function instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof Found)
      throw new UserError(
        `the module's start function traps: ${error.message}; a guest has nothing to do before its first call`,
      );
    throw error;
  }
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

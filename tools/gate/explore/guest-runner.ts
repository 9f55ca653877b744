/** Runs a guest's calls against the model, again and again in one instance: memory and globals are put back before each run. */
import type { CheckingModule } from "../instrumentation/checking-module.js";
import { LINE_EXPORT, LINE_GLOBAL } from "../instrumentation/guest-lines.js";
import { GATE } from "../instrumentation/instrument.js";
import { FIRST_ADDRESS, FIRST_FRAME } from "../instrumentation/spill-area.js";
import { UserError } from "../../errors/user-error.js";
import { CoreValues, type CoreValue, liftValues, lowerValues } from "../../host/values/flat.js";
import { asyncLifted, callbackName, postReturnName, REALLOC } from "../../wit/canonical-names.js";
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, flatten, isPointerFree } from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import { Found, NeverReturns } from "../found.js";
import type { LoggedCall } from "../model/call-log.js";
import { End } from "../model/end.js";
import { type Bounds, ModelHost } from "../model/host.js";
import { bindImports } from "../model/imports.js";
import type { Destructor, Entry, Plan } from "../model/plan.js";
import { saltOf, sampleOrder, sampleValue } from "../model/sample-values.js";
import { RUBBISH } from "../shadow/rubbish.js";
import { ShadowMemory } from "../shadow/shadow-memory.js";
import type { Choices } from "../model/choices.js";
import { StateHash } from "./state-hash.js";

/** Rounds of loops that a run may take before the guest counts as lost. */
export const LOOP_BUDGET = 200_000;

/** What a callback answers: its code, and the set that it waits for. Spec: CanonicalABI.md, canon lift (callback) */
const CALLBACK_CODE_MASK = 15;
const CALLBACK_YIELD = 1;
const CALLBACK_WAIT = 2;
const CALLBACK_SET_SHIFT = 4;

/** The static object where the guest library keeps the event that a task waits for. */
const EVENT = "`EVENT`";
const EVENT_BYTES = 8;

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
  /** `isState`: whether the guest goes by it; the line that the trace shows does not make a state another one. */
  private readonly globals: readonly {
    readonly global: WebAssembly.Global;
    readonly initial: unknown;
    readonly isState: boolean;
  }[];
  private readonly steps: WebAssembly.Global;
  private readonly frames: WebAssembly.Global;
  private readonly stateHash = new StateHash();
  private readonly dataWords: number;
  private readonly destructors: readonly Destructor[];
  private readonly event: number;
  /** A function that the host may call while a task waits: one that needs memory, if there is one. */
  private readonly syncEntry: Entry | undefined;
  /** Whether this call has waited: the first wait of a run is enough to find what is shared and must not be. */
  private waited = false;
  /** Which call of the run is being made. */
  private call = 0;
  private entry = 0;

  /** @throws UserError when the module is no guest: unknown imports, a start function that traps, no such export */
  constructor(
    readonly module: CheckingModule,
    readonly plan: Plan,
    readonly bounds: Bounds,
  ) {
    const shared: { memory?: Int32Array } = {};
    const spillWord = module.spillBase >> 2;
    const site = (): number => shared.memory?.[spillWord] ?? -1;
    this.shadow = new ShadowMemory(module.dataEnd, module.sites, module.objects);
    this.host = new ModelHost(this.shadow, bounds, site, plan.element);
    const imports = bindImports(module.module, plan, this.host);
    imports[GATE] = this.gateHooks();
    this.instance = instantiate(module.module, imports);
    const { exports } = this.instance;
    const memory = exports.memory;
    if (!(memory instanceof WebAssembly.Memory))
      throw new UserError("the module exports no memory: it is not a guest of as-rill");
    this.words = shared.memory = new Int32Array(memory.buffer);
    this.memory = new Uint8Array(memory.buffer);
    this.host.memory = this.memory;
    if (typeof exports.cabi_realloc === "function")
      this.host.realloc = (...args) => this.callInside(REALLOC, args) as number;
    this.destructors = plan.destructors.filter(({ name }) => typeof exports[name] === "function");
    this.host.resources.destroy = (resource, state) => {
      const destructor = this.destructors.find((each) => each.resource === resource);
      if (destructor) this.callInside(destructor.name, [state]);
    };
    const sync = plan.entries.filter((entry) => !entry.async);
    this.syncEntry =
      sync.find(({ func }) => !func.params.every(({ type }) => isPointerFree(type))) ?? sync[0];
    this.host.interrupt = () => {
      this.interrupt();
    };
    this.event = module.objects.find(({ name }) => name === EVENT)?.address ?? FIRST_ADDRESS;
    this.dataWords = Math.ceil(module.dataEnd / 4);
    this.initial = this.memory.slice(0, this.dataWords * 4);
    this.globals = module.globals.map(({ name, exported }) => {
      const global = exports[exported] as WebAssembly.Global;
      return { global, initial: global.value as unknown, isState: name !== LINE_GLOBAL };
    });
    this.steps = exports["gate|steps"] as WebAssembly.Global;
    this.frames = exports["gate|frames"] as WebAssembly.Global;
    const line = exports[LINE_EXPORT];
    if (line instanceof WebAssembly.Global) this.host.line = () => line.value as number;
    for (const { name } of plan.entries)
      if (typeof exports[name] !== "function")
        throw new UserError(`the module does not export ${name}: it is not a guest of this world`);
  }

  /** Calls the guest from inside a canonical call: what that call noted of itself, and of the frames below it, stays. */
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

  /** Makes `calls` calls, one after the other. @throws Found, Pruned, NeverReturns or what the choices throw */
  run(choices: Choices, calls: number, log: LoggedCall[] | null = null): void {
    this.memory.set(this.initial);
    for (const { global, initial } of this.globals) global.value = initial;
    this.steps.value = LOOP_BUDGET;
    this.frames.value = this.module.spillBase;
    this.host.reset();
    this.host.choices = choices;
    this.host.log = log;
    for (this.call = 0; this.call < calls; this.call++) {
      this.leaveCore();
      const { entries } = this.plan;
      this.entry = -1;
      this.entry = choices.choose(entries.length + this.destructors.length);
      if (this.entry < entries.length) this.callEntry(entries[this.entry]!);
      else this.destroyHeld(this.destructors[this.entry - entries.length]!);
    }
  }

  private callEntry(entry: Entry): void {
    const { host } = this;
    const { func } = entry;
    host.takeLowered();
    host.beginCall(this.call, host.choices.choose(entry.kinds));
    const args = this.lowerParams(func);
    const blocks = host.takeLowered();
    if (host.contents) host.given = host.entries().filter((end) => end instanceof End);
    host.returned = 0;
    this.waited = false;
    if (host.log)
      host.note(`the host calls \`${func.name}\``, args.length > 0 ? `with ${args.join(", ")}` : "");
    const answer = this.callCore(entry.name, args);
    if (!entry.async) {
      this.takeResult(entry, answer);
      host.requireNothingLeft(blocks);
      return;
    }
    this.callBack(entry.name, Number(answer));
    if (host.returned === 0)
      throw new Found("illegal-call", `the task ends without task.return of \`${func.name}\``);
    host.requireNothingLeft(blocks);
  }

  /** Calls the guest back with one event after the other, for as long as it answers that it waits. */
  private callBack(name: string, answer: number): void {
    for (let waits = answer; waits !== 0;) {
      this.leaveCore();
      const event = this.nextEvent(waits);
      waits = Number(this.callCore(callbackName(asyncLifted(name)!), event));
    }
  }

  /** The event that a task goes on with which has answered `waits`: its code, the waitable, the payload. */
  private nextEvent(waits: number): number[] {
    const { host } = this;
    switch (waits & CALLBACK_CODE_MASK) {
      case CALLBACK_YIELD:
        return [host.pause(), 0, 0];
      case CALLBACK_WAIT: {
        const { event } = this;
        const code = host.wait(waits >>> CALLBACK_SET_SHIFT, event, false);
        const [waitable, payload] = [this.words[event >> 2]!, this.words[(event >> 2) + 1]!];
        this.memory.fill(RUBBISH, event, event + EVENT_BYTES); // the callback is told, and has to write it down
        this.shadow.forget(event, EVENT_BYTES);
        return [code, waitable, payload];
      }
      default:
        throw host.broken("illegal-call", `the task answers ${waits}, which is none of EXIT, YIELD and WAIT`);
    }
  }

  /** No frame of the guest's is there, and no call is being made. */
  private leaveCore(): void {
    const at = this.module.spillBase >> 2;
    this.words[at] = -1;
    this.words[at + 1] = this.module.spillBase;
    this.frames.value = this.module.spillBase;
  }

  /** While a task waits the host may call a sync function: the ABI has none of those wait. */
  private interrupt(): void {
    const { host } = this;
    const entry = this.syncEntry;
    if (!entry || this.call > 0 || this.waited) return;
    this.waited = true;
    if (host.choices.choose(2) === 0) return;
    const { params, given } = host;
    host.takeLowered();
    const args = this.lowerParams(entry.func);
    const blocks = host.takeLowered();
    host.note(`meanwhile the host calls \`${entry.func.name}\``, "");
    this.takeResult(entry, this.callInside(entry.name, args));
    if (host.takeLowered().length === 0) host.requireGivenBack(blocks, "when the function has returned");
    Object.assign(host, { params, given });
  }

  private callCore(name: string, args: readonly CoreValue[]): CoreValue | undefined {
    const core = this.instance.exports[name] as (...values: CoreValue[]) => CoreValue | undefined;
    try {
      return core(...args);
    } catch (error) {
      if (noTrap(error) && !isStackOverflow(error)) throw error;
      throw new Found("guest-trap", `the guest traps: ${(error as Error).message}`, this.host.site());
    }
  }

  /** The host drops a resource that the guest implements. */
  private destroyHeld({ name, resource }: Destructor): void {
    const { host } = this;
    host.beginCall(this.call, 0);
    const state = host.resources.held.take(resource);
    host.note(`the host drops a \`${resource}\``, "");
    this.callCore(name, [state]);
    host.requireNothingLeft([]);
  }

  /** Samples for all parameters. */
  private lowerParams({ params }: FunctionType): CoreValue[] {
    const { host } = this;
    const types = params.map(({ type }) => type);
    host.params = types.map((type) => sampleValue(type, sampleOrder[host.kind]!));
    if (types.flatMap(flatten).length > MAX_FLAT_PARAMS)
      return host.passed("a parameter", () =>
        lowerValues(host.lowering, MAX_FLAT_PARAMS, host.params, types),
      );
    const args = params.flatMap(({ name, type }, index) => {
      host.salt = saltOf(index);
      return host.passed(`\`${name}\``, () =>
        lowerValues(host.lowering, MAX_FLAT_PARAMS, [host.params[index]!], [type]),
      );
    });
    host.salt = 0;
    return args;
  }

  /** A sync function's result is read, then the guest is told so. */
  private takeResult({ name, func }: Entry, answer: CoreValue | undefined): void {
    const { host } = this;
    const { result } = func;
    if (result === null) return;
    const core = [answer!];
    const [value] = host.passed(`the result of \`${func.name}\``, () =>
      liftValues(host.lifting, MAX_FLAT_RESULTS, new CoreValues(core), [result]),
    );
    host.requireResult(func.name, value!);
    const post = postReturnName(name);
    if (typeof this.instance.exports[post] === "function") this.callInside(post, core);
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
    hash.word(this.entry * 2 + (this.waited ? 1 : 0));
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

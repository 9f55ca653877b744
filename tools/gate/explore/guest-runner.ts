/** Runs a guest's calls against the model, again and again in one instance: memory and globals are put back before each run. */
import type { CheckingModule } from "../build/checking-module.js";
import { LINE_GLOBAL } from "../build/guest-lines.js";
import { GATE } from "../build/instrument.js";
import { FIRST_FRAME } from "../build/spill-area.js";
import { UserError } from "../../errors/user-error.js";
import { Found, NeverReturns } from "../found.js";
import type { LoggedCall } from "../model/call-log.js";
import { type Bounds, ModelHost } from "../model/host.js";
import { bindImports } from "../model/imports.js";
import { type Entry, type Plan, coreParams } from "../model/plan.js";
import { sampleCoreValue } from "../model/sample-values.js";
import { ShadowMemory } from "../shadow/shadow-memory.js";
import type { Choices } from "./choices.js";
import { StateHash } from "./state-hash.js";

/** Rounds of loops that a run may take before the guest counts as lost. */
export const LOOP_BUDGET = 200_000;

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
  readonly #instance: WebAssembly.Instance;
  readonly #words: Int32Array;
  readonly #memory: Uint8Array;
  readonly #initial: Uint8Array;
  readonly #globals: readonly { readonly global: WebAssembly.Global; readonly initial: unknown }[];
  readonly #steps: WebAssembly.Global;
  readonly #frames: WebAssembly.Global;
  readonly #hash = new StateHash();
  readonly #dataWords: number;
  /** Which call of the run is being made. */
  #call = 0;
  #entry = 0;

  /** @throws UserError when the module is no guest: unknown imports, a start function that traps, no such export */
  constructor(
    readonly module: CheckingModule,
    readonly plan: Plan,
    readonly bounds: Bounds,
  ) {
    const shared: { memory?: Int32Array } = {};
    const spillWord = module.spillBase >> 2;
    const site = (): number => shared.memory?.[spillWord] ?? -1;
    this.shadow = new ShadowMemory(module.dataEnd, module.sites);
    this.host = new ModelHost(this.shadow, bounds, site);
    const imports = bindImports(module.module, plan, this.host);
    imports[GATE] = this.#gateHooks();
    this.#instance = instantiate(module.module, imports);
    const { exports } = this.#instance;
    const memory = exports.memory;
    if (!(memory instanceof WebAssembly.Memory))
      throw new UserError("the module exports no memory: it is not a guest of as-rill");
    this.#words = shared.memory = new Int32Array(memory.buffer);
    this.#memory = new Uint8Array(memory.buffer);
    this.host.memory = this.#memory;
    this.#dataWords = Math.ceil(module.dataEnd / 4);
    this.#initial = this.#memory.slice(0, this.#dataWords * 4);
    this.#globals = module.globals.map(({ exported }) => {
      const global = exports[exported] as WebAssembly.Global;
      return { global, initial: global.value as unknown };
    });
    this.#steps = exports["gate|steps"] as WebAssembly.Global;
    this.#frames = exports["gate|frames"] as WebAssembly.Global;
    const line = module.globals.findIndex(({ name }) => name === LINE_GLOBAL);
    if (line >= 0) this.host.line = () => this.#globals[line]!.global.value as number;
    for (const { name } of plan.entries)
      if (typeof exports[name] !== "function")
        throw new UserError(`the module does not export ${name}: it is not a guest of this world`);
  }

  #gateHooks(): WebAssembly.ModuleImports {
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
    this.#memory.set(this.#initial);
    for (const { global, initial } of this.#globals) global.value = initial;
    this.#steps.value = LOOP_BUDGET;
    this.#frames.value = this.module.spillBase;
    this.host.reset();
    this.host.choices = choices;
    this.host.log = log;
    for (this.#call = 0; this.#call < calls; this.#call++) {
      this.#words[(this.module.spillBase >> 2) + 1] = this.module.spillBase;
      this.#words[this.module.spillBase >> 2] = -1;
      this.#entry = choices.choose(this.plan.entries.length);
      this.#callEntry(this.plan.entries[this.#entry]!);
    }
  }

  #callEntry(entry: Entry): void {
    const { host } = this;
    const args: (number | bigint)[] = [];
    for (const { name, type, width } of coreParams(entry.func)) {
      if (type.kind === "stream" || type.kind === "future") {
        args.push(host.newEnd(type.kind, "read", this.plan.element(type.element), `\`${name}\``).handle);
      } else {
        for (let i = 0; i < width; i++) args.push(sampleCoreValue(type, this.#sampleIndex()));
      }
    }
    host.returned = 0;
    if (host.log)
      host.note(`the host calls \`${entry.func.name}\``, args.length > 0 ? `with ${args.join(", ")}` : "");
    const core = this.#instance.exports[entry.name] as (...values: (number | bigint)[]) => unknown;
    let answer: unknown;
    try {
      answer = core(...args);
    } catch (error) {
      if (noTrap(error) && !isStackOverflow(error)) throw error;
      throw new Found("guest-trap", `the guest traps: ${(error as Error).message}`, host.site());
    }
    if (!entry.async) return;
    if (answer !== 0)
      throw new UserError(
        "the guest returns to wait in its callback: the gate checks guests of strategy wait",
      );
    if (host.returned === 0)
      throw new Found("illegal-call", `the task ends without task.return of \`${entry.func.name}\``);
    host.requireNothingLeft();
  }

  /** A parameter that is a number is 2, or 0: both are tried. */
  #sampleIndex(): number {
    return this.host.choices.choose(2) === 0 ? 2 : 0;
  }

  /** Whether the guest's state is all in memory at the call that is being made. */
  get prunable(): boolean {
    const { spillBase, sites } = this.module;
    const end = this.#words[(spillBase >> 2) + 1]!;
    for (let at = spillBase; at < end;) {
      const site = sites[this.#words[(at + FIRST_FRAME) >> 2]!];
      if (!site?.prunable || site.frameByteLength === 0) return false;
      at += site.frameByteLength;
    }
    return true;
  }

  /** A hash of the whole state at the call that is being made: memory, globals, locals, shadow and model. */
  hash(): number {
    const { spillBase } = this.module;
    const hash = this.#hash;
    hash.words(this.#words, 0, this.#dataWords);
    hash.words(this.#words, spillBase >> 2, (this.#words[(spillBase >> 2) + 1]! + FIRST_FRAME) >> 2);
    hash.words(this.shadow.words, 0, this.shadow.words.length);
    for (const { global } of this.#globals) {
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
    hash.word(this.#call);
    hash.word(this.#entry);
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

/** A guest: a core module of a component's world, instantiated on V8, whose exports can be called. */
import { UserError } from "../errors/user-error.js";
import { exportedFunctions } from "../wit/exported-functions.js";
import type { FunctionType, Resource, World } from "../wit/model.js";
import { ComponentInstance } from "./tasks/component-instance.js";
import { bindImport, type CoreImport } from "./guest-imports.js";
import { HostLoop } from "./tasks/host-loop.js";
import { callExport, type CoreFunction, type LiftedFunction } from "./calls/lift.js";
import { callbackName, destructorExport, liftName, postReturnName } from "../wit/canonical-names.js";
import type { StringEncoding } from "../wit/string-encoding.js";
import type { LiftLowerOptions, Realloc } from "./values/lift-lower-context.js";
import { LinearMemory } from "./values/linear-memory.js";
import type { HostFunction } from "./calls/lower.js";
import { ResourceType } from "./tasks/resource.js";
import { Scheduler } from "./tasks/scheduler.js";
import type { OnResolve, Task } from "./tasks/task.js";
import { Trap, trapOnThrow, withArenaNeed } from "./values/trap.js";
import type { Value } from "./values/value.js";
import type { ChooseEvent } from "./tasks/waitable-set.js";

/** How a guest is embedded. */
export interface GuestOptions {
  /** How the guest's strings stand in memory; `utf16` for guests in AssemblyScript. */
  readonly encoding?: StringEncoding;
  /** The host's functions by `interface#function`, or `function` for those of the world itself. */
  readonly functions?: ReadonlyMap<string, HostFunction>;
  /** Picks one of several waitables that have an event; by default the one that joined its set first. */
  readonly chooseEvent?: ChooseEvent;
  /** Stands between the guest and every import, to watch or to change what happens. */
  readonly wrapImport?: (name: string, body: CoreImport) => CoreImport;
  /** Another guest, whose event loop this one's tasks go on in. */
  readonly beside?: Guest;
}

/** A call of a guest's export. */
export class GuestCall {
  /** The value (null without result type) once the task has returned; `cancelled` when it was cancelled. */
  outcome: { readonly value: Value } | "cancelled" | null = null;
  /** The task, once its call has come back from its first turn. */
  task: Task | null = null;

  /** The task's core code is done, or never started because the task was cancelled. */
  get isDone(): boolean {
    return this.task?.ended ?? false;
  }
}

/** Realloc and memory of a guest, there once it is instantiated. */
class GuestLiftLowerOptions implements LiftLowerOptions {
  memory: LinearMemory | null = null;
  realloc: Realloc | null = null;

  constructor(readonly encoding: StringEncoding) {}
}

/** A core module on V8, with every built-in that it imports. */
export class Guest {
  /** Runs the tasks that can go on. */
  readonly scheduler: Scheduler;
  /** The guest's handles and tasks. */
  readonly instance: ComponentInstance;
  /** What goes on on the host's side; add sources and sinks here. */
  readonly loop: HostLoop;
  /** The core module's exports. */
  readonly exports: WebAssembly.Exports;
  /** How often the guest called each import, by the import's name. */
  readonly hostCalls = new Map<string, number>();
  private readonly liftLower: GuestLiftLowerOptions;

  /**
   * Instantiates a core module.
   * @throws UserError when an import is unknown, or is a function that `options.functions` does not have
   */
  constructor(
    module: WebAssembly.Module,
    readonly world: World,
    options: GuestOptions = {},
  ) {
    this.liftLower = new GuestLiftLowerOptions(options.encoding ?? "utf16");
    this.scheduler = options.beside?.scheduler ?? new Scheduler();
    this.instance = new ComponentInstance(this.scheduler);
    this.loop = options.beside?.loop ?? new HostLoop(this.scheduler);
    this.defineResources();
    const wasm = new WebAssembly.Instance(module, this.makeImports(module, options));
    this.exports = wasm.exports;
    const { memory, cabi_realloc: realloc, _initialize: initialize } = this.exports;
    if (memory instanceof WebAssembly.Memory) this.liftLower.memory = new LinearMemory(memory);
    if (typeof realloc === "function") this.liftLower.realloc = realloc as unknown as Realloc;
    if (typeof initialize === "function") trapOnThrow(() => (initialize as () => void)());
  }

  /** Bytes of linear memory, 0 when the guest exports none. */
  get memoryByteLength(): number {
    return this.liftLower.memory?.byteLength ?? 0;
  }

  /** Calls of imports in all. */
  get hostCallCount(): number {
    return [...this.hostCalls.values()].reduce((sum, count) => sum + count, 0);
  }

  /**
   * Starts a call. It runs until it is done or waits in the event loop.
   * @param name `interface#function`, or `function` for one of the world itself
   * @param onReturn called with the result when the task returns, which is before it is done: streams and
   *   futures in the result are to be read from here on
   * @throws UserError when the world or the module has no such export. Traps: whatever the guest does wrong
   */
  start(name: string, args: readonly Value[], onReturn?: (result: Value) => void): GuestCall {
    const call = new GuestCall();
    const resolve: OnResolve = (result) => {
      call.outcome = result ?? "cancelled";
      if (result !== null) onReturn?.(result.value);
    };
    const lifted = this.lifted(name);
    call.task = this.explaining(() => callExport(this.instance, lifted, () => args, resolve));
    return call;
  }

  /**
   * Runs the event loop until the call is done, and what it has handed on from the host to the host is over.
   * Traps: nothing that could end it can happen
   */
  finish(call: GuestCall): Value {
    this.explaining(() => {
      this.scheduler.pumpUntil(() => call.isDone && !this.loop.isFlowing, "the call waits");
    });
    if (call.outcome === "cancelled" || call.outcome === null) throw new Trap("the call was cancelled");
    return call.outcome.value;
  }

  /** Starts a call and runs it to its end. */
  call(name: string, args: readonly Value[]): Value {
    return this.finish(this.start(name, args));
  }

  /** Ends a resource of the guest's that the host owns: its destructor runs, if it has one. */
  destroy({ owner, name }: Resource, representation: number): void {
    const destructor = this.exports[destructorExport(owner, name)];
    if (typeof destructor !== "function") return;
    const lifted: LiftedFunction = {
      type: { params: [{ name: "rep", type: { kind: "u32" } }], result: null, async: false },
      options: this.liftLower,
      core: destructor as CoreFunction,
      style: "sync",
    };
    const ignore: OnResolve = () => undefined;
    this.explaining(() => callExport(this.instance, lifted, () => [representation >>> 0], ignore));
  }

  /** Whether the trap is this guest's own, and not that of one beside it. */
  owns({ instance }: Trap): boolean {
    return instance === null || instance === this.instance;
  }

  /** The trap, with what the guest's arena lacked. */
  explain(trap: Trap): Trap {
    const { memory } = this.exports;
    if (!this.owns(trap) || !(memory instanceof WebAssembly.Memory)) return trap;
    return withArenaNeed(trap, memory.buffer);
  }

  /** Runs `body`; a trap in it says what the guest's arena lacked. */
  private explaining<R>(body: () => R): R {
    try {
      return body();
    } catch (error) {
      throw error instanceof Trap ? this.explain(error) : error;
    }
  }

  private makeImports(module: WebAssembly.Module, options: GuestOptions): WebAssembly.Imports {
    const env = {
      world: this.world,
      instance: this.instance,
      options: this.liftLower,
      functions: options.functions ?? new Map<string, HostFunction>(),
      chooseEvent: options.chooseEvent,
    };
    const imports: Record<string, Record<string, CoreImport>> = {};
    for (const { module: moduleName, name, kind } of WebAssembly.Module.imports(module)) {
      if (kind !== "function")
        throw new UserError(
          `the module imports the ${kind} "${moduleName}" "${name}"; only functions can be`,
        );
      const counted = this.count(name, bindImport(env, moduleName, name));
      (imports[moduleName] ??= {})[name] = options.wrapImport?.(name, counted) ?? counted;
    }
    return imports;
  }

  private count(name: string, body: CoreImport): CoreImport {
    const { hostCalls } = this;
    hostCalls.set(name, 0);
    return (...args) => {
      hostCalls.set(name, hostCalls.get(name)! + 1);
      return body(...args);
    };
  }

  private defineResources(): void {
    const { interfaces, resources } = this.world.exports;
    for (const resource of [...resources, ...interfaces.flatMap((i) => i.resources)]) {
      const destroy = (representation: unknown): void => {
        const destructor = this.exports[destructorExport(resource.owner, resource.name)];
        if (typeof destructor === "function")
          trapOnThrow(() => (destructor as (rep: unknown) => void)(representation));
      };
      this.instance.defineResource(resource, new ResourceType(resource.name, this.instance, destroy));
    }
  }

  private lifted(name: string): LiftedFunction {
    const type = this.findExport(name);
    const core = (exportName: string): CoreFunction | undefined => {
      const found = this.exports[exportName];
      return typeof found === "function" ? (found as CoreFunction) : undefined;
    };
    const base = { type, options: this.liftLower };
    const callback = core(callbackName(name));
    const withCallback = core(liftName(name, true));
    if (withCallback && callback) return { ...base, core: withCallback, style: "callback", callback };
    const stackful = core(`[async-lift-stackful]${name}`);
    if (stackful) return { ...base, core: stackful, style: "stackful" };
    const sync = core(name);
    if (sync === undefined) throw new UserError(`the module has no export for ${name}`);
    const postReturn = core(postReturnName(name));
    return { ...base, core: sync, style: "sync", ...(postReturn && { postReturn }) };
  }

  private findExport(name: string): FunctionType {
    const all = exportedFunctions(this.world);
    const found = all.get(name);
    if (found === undefined) {
      const known = [...all.keys()].join(", ");
      throw new UserError(
        `world ${this.world.id} exports no function "${name}"; it exports ${known || "none"}`,
      );
    }
    return found;
  }
}

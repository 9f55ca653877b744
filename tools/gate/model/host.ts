/**
 * The host as a model: the guest's handle table, its waitables, and at every canonical call a choice
 * among all the answers that a host may give. Where the specification traps, a rule is broken. This is
 * what it is made of, and what a run puts back.
 *
 * A stream gives or takes a bounded number of items, then it is gone; `poll` answers "nothing
 * yet" a bounded number of times in a row.
 */
import { CopyEnd } from "../../host/copies/copy-end.js";
import { ComponentInstance } from "../../host/tasks/component-instance.js";
import { ResourceHandle } from "../../host/tasks/resource.js";
import { WaitableSet } from "../../host/tasks/waitable-set.js";
import type { ValueType } from "../../wit/model.js";
import { ArenaShadow } from "../shadow/arena-shadow.js";
import type { ShadowMemory } from "../shadow/shadow-memory.js";
import type { Answers } from "./answers.js";
import { AnnouncedCalls } from "./announced-calls.js";
import type { Bounds } from "./bounds.js";
import type { LoggedCall } from "./call-log.js";
import type { Choices } from "./choices.js";
import { Copies } from "./copies.js";
import { type Element } from "./end.js";
import { ResourceEntry, SetEntry } from "./entries.js";
import { Expectations } from "./expectations.js";
import { GuestMemory } from "./guest-memory.js";
import { HeldResources } from "./held-resources.js";
import { Leftovers } from "./leftovers.js";
import { Meanwhile } from "./meanwhile.js";
import { Operations } from "./operations.js";
import { Places } from "../shadow/places.js";
import { Resources } from "./resources.js";
import { Run } from "./run.js";
import { type Entry, ModelTable } from "./table.js";
import { Tasks } from "./tasks.js";
import { Values } from "./values.js";
import { Waitables } from "./waitables.js";

/** One run's host. */
export class ModelHost {
  /** What is decided and noted. */
  readonly run: Run;
  /** The guest's handles. */
  readonly table: ModelTable;
  /** The instance, as the host's own code knows it. */
  readonly instance: ComponentInstance;
  /** The guest's memory. */
  readonly memory: GuestMemory;
  /** The guest's own resources that the host holds. */
  readonly held = new HeldResources();
  /** Lifts and lowers. */
  readonly values: Values;
  /** What leaves the guest is compared with what it has to be. */
  readonly expectations: Expectations;
  /** Copies on ends. */
  readonly copies: Copies;
  /** What happens while the guest waits. */
  readonly meanwhile: Meanwhile;
  /** Sets, and events. */
  readonly waitables: Waitables;
  /** Handles of resources. */
  readonly resources: Resources;
  /** The guest's tasks. */
  readonly tasks: Tasks;
  /** What may be left when a task is over. */
  readonly leftovers: Leftovers;
  /** The operations that the guest announced. */
  readonly operations: Operations;
  /** The calls of imports that the guest announced. */
  readonly announcedCalls: AnnouncedCalls;
  /** Blocks of the arena. */
  readonly arena: ArenaShadow;
  /** Places of static tables. */
  readonly places: Places;
  /** What imported functions answer, where somebody knows. */
  answers: Answers | null = null;
  private sample = 0;

  /**
   * @param site    of the call that is being made
   * @param line    the guest's place that called the library last
   * @param element the element of a stream or future type
   */
  constructor(
    readonly shadow: ShadowMemory,
    bounds: Bounds,
    site: () => number,
    line: () => number,
    private readonly element: (type: ValueType | null) => Element,
  ) {
    const run = (this.run = new Run(site, line));
    const table = (this.table = new ModelTable(run, (hosted, handle) => this.adopt(hosted, handle)));
    this.instance = new ModelInstance(table);
    const arena = (this.arena = new ArenaShadow(shadow));
    this.places = new Places(shadow);
    const memory = (this.memory = new GuestMemory(run, this.instance, arena));
    const values = (this.values = new Values(run, this.instance, memory, shadow, this.held));
    const expectations = (this.expectations = new Expectations(run));
    const operations = (this.operations = new Operations(shadow));
    const copies = (this.copies = new Copies({
      run,
      table,
      values,
      memory,
      shadow,
      arena,
      expectations,
      operations,
      bounds,
    }));
    const meanwhile = (this.meanwhile = new Meanwhile(run, table, copies));
    const { idlePolls } = bounds;
    this.waitables = new Waitables({ run, table, values, memory, shadow, copies, meanwhile, idlePolls });
    this.resources = new Resources(run, this.instance);
    this.tasks = new Tasks(run, values, expectations);
    this.leftovers = new Leftovers(table, memory, arena, this.held);
    this.announcedCalls = new AnnouncedCalls(run, table);
  }

  /** The entry for what the host's code has put into the table. */
  private adopt(hosted: object, handle: number): Entry {
    if (hosted instanceof CopyEnd)
      return this.copies.adopt(hosted, handle, this.element(hosted.shared.elementType), this.values.passing);
    if (hosted instanceof ResourceHandle) return new ResourceEntry(handle, hosted);
    if (hosted instanceof WaitableSet) return new SetEntry(handle, hosted);
    throw this.run.broken("illegal-call", "the gate's model does not know error contexts");
  }

  /** Which of the samples the parameters of this call, and the results of its imports, are. */
  get kind(): number {
    return this.sample;
  }

  /** Forgets everything: the next run begins. @param log its calls; null when nobody wants them */
  begin(choices: Choices, log: LoggedCall[] | null): void {
    this.run.begin(choices, log);
    this.table.reset();
    this.instance.mayLeave = true;
    this.instance.mayEnter = true;
    this.instance.backpressure = 0;
    this.instance.current = null;
    this.memory.reset();
    this.held.reset();
    this.waitables.reset();
    this.tasks.reset();
    this.operations.reset();
    this.announcedCalls.reset();
    this.arena.reset();
    this.places.reset();
    this.shadow.reset();
  }

  /**
   * Another call begins: its handles have the same numbers whatever came before.
   * @param kind which samples it is given
   */
  beginCall(call: number, kind: number): void {
    this.sample = kind;
    this.table.beginCall(call);
  }

  /** The task has returned: nothing of it may be left. @param blocks what its parameters were lowered to */
  endCall(blocks: readonly number[]): void {
    this.leftovers.require(blocks);
    this.operations.release(this.memory.bytes);
    this.waitables.forgetEvent();
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.sample);
    this.table.words(take);
    this.waitables.words(take);
    this.tasks.words(take);
    this.operations.words(take);
    this.announcedCalls.words(take);
    this.arena.words(take);
    this.places.words(take);
    this.held.words(take);
  }
}

class ModelInstance extends ComponentInstance {
  override readonly handles: ModelTable;

  constructor(table: ModelTable) {
    super();
    this.handles = table;
  }
}

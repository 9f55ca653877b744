/**
 * Lifts and lowers values between the model and the guest's memory with the host's own codecs,
 * handles and traps: every range that a value reaches is judged by the shadow memory, what is lowered
 * goes through the guest's `cabi_realloc`.
 */
import { InstanceHandles } from "../../host/calls/instance-handles.js";
import { SharedFuture } from "../../host/copies/shared-future.js";
import { SharedStream } from "../../host/copies/shared-stream.js";
import type { ComponentInstance } from "../../host/tasks/component-instance.js";
import type { Subtask } from "../../host/tasks/subtask.js";
import type { Task } from "../../host/tasks/task.js";
import { type HandleOwner, type HandleType, LiftLowerContext } from "../../host/values/lift-lower-context.js";
import type { Value } from "../../host/values/value.js";
import type { ShadowMemory } from "../shadow/shadow-memory.js";
import type { GuestMemory } from "./guest-memory.js";
import { type HeldResources, resourceKey } from "./held-resources.js";
import { JudgedMemory } from "./judged-memory.js";
import type { Run } from "./run.js";

/** An address and a byte length. */
export type Range = readonly [ptr: number, byteLength: number];

/**
 * Strings whose length is a multiple of this many code units are lowered in their
 * longest form first, which is then shortened.
 */
const SHORTENED = 2;
/** Alignment of a string's code units. */
const CODE_UNIT_BYTES = 2;

/** What passes between the model and the guest. */
export class Values {
  private what = "";
  private found: Range[] = [];
  private judgedMemory: JudgedMemory | null = null;

  constructor(
    readonly run: Run,
    readonly instance: ComponentInstance,
    readonly memory: GuestMemory,
    readonly shadow: ShadowMemory,
    readonly held: HeldResources,
  ) {}

  /** What is being lifted or lowered, for messages. */
  get passing(): string {
    return this.what;
  }

  /** The guest's memory, in which what is lifted must have been written. */
  get judged(): JudgedMemory {
    const { memory, shadow, run } = this;
    return (this.judgedMemory ??= new JudgedMemory(memory.bytes.buffer, shadow, run));
  }

  /** Runs what lifts or lowers a value. What the specification traps at is an illegal call. */
  passed<R>(what: string, body: () => R): R {
    this.what = what;
    return this.run.judged(what, body);
  }

  /** A context that lifts. @param scope the call that borrows what is lent */
  lifting(scope: Subtask | null = null): LiftLowerContext {
    return new ModelContext(
      this,
      new ModelHandles(this.instance, scope, this.held, this.run),
      (ptr, byteLength, what) => {
        this.shadow.hostReads(ptr, byteLength, what, this.run.site());
      },
    );
  }

  /** A context that lowers. @param scope the task that is lent what it has to drop */
  lowering(scope: Task | null = null): LiftLowerContext {
    return new ModelContext(
      this,
      new ModelHandles(this.instance, scope, this.held, this.run),
      (ptr, byteLength, what) => {
        this.shadow.hostWrites(ptr, byteLength, what, this.run.site());
      },
    );
  }

  /**
   * The ranges that a value reaches through pointers. They may not change until `release`.
   * @param lift lifts it, in the context given, where handles stay where they are
   */
  reached(what: string, lift: (cx: ModelContext) => void): readonly Range[] {
    const found: Range[] = (this.found = []);
    this.judged.begin(0, 0);
    const looking = new ModelContext(this, onlyLooking, (ptr, byteLength, part) => {
      this.shadow.hostReads(ptr, byteLength, part, this.run.site());
      if (byteLength > 0) this.found.push([ptr, byteLength]);
    });
    this.passed(what, () => {
      lift(looking);
    });
    this.judged.begin(0, 0);
    for (const [ptr, byteLength] of found) this.shadow.pin(ptr, byteLength);
    return found;
  }

  /** Ends what `reached` began. */
  release(ranges: readonly Range[]): void {
    for (const [ptr, byteLength] of ranges) this.shadow.unpin(ptr, byteLength);
  }
}

/** A context over the model. */
export class ModelContext extends LiftLowerContext {
  /** @param reach judges, or collects, ranges */
  constructor(
    private readonly values: Values,
    handles: HandleOwner,
    private readonly reach: (ptr: number, byteLength: number, what: string) => void,
  ) {
    super({ encoding: "utf16", memory: null, realloc: null }, handles);
  }

  override get memory(): JudgedMemory {
    return this.values.judged;
  }

  override checkRange(ptr: number, byteLength: number, alignment: number, what: string): void {
    if (ptr % alignment !== 0)
      throw this.values.run.broken("misaligned", `${what}: ${ptr} is not a multiple of ${alignment}`);
    this.reach(ptr, byteLength, what);
    if (what === "string") this.memory.judge(ptr, byteLength);
  }

  override allocate(alignment: number, byteLength: number): number {
    const { memory, passing } = this.values;
    const codeUnits = byteLength / CODE_UNIT_BYTES;
    if (alignment !== CODE_UNIT_BYTES || codeUnits === 0 || codeUnits % SHORTENED !== 0)
      return memory.allocate(passing, 0, 0, alignment, byteLength);
    const longest = memory.allocate(passing, 0, 0, alignment, 2 * byteLength);
    return memory.allocate(passing, longest, 2 * byteLength, alignment, byteLength);
  }
}

/**
 * Of the guest's own resources the host gives back, or lends, what it holds: the
 * guest knows them by what it made them for.
 */
class ModelHandles extends InstanceHandles {
  constructor(
    instance: ComponentInstance,
    scope: Task | Subtask | null,
    private readonly held: HeldResources,
    private readonly run: Run,
  ) {
    super(instance, scope);
  }

  override lower(value: Value, type: HandleType): number {
    if ((type.kind === "own" || type.kind === "borrow") && type.resource.exported) {
      const key = resourceKey(type.resource);
      return super.lower(
        type.kind === "own" ? this.held.take(key, this.run) : this.held.peek(key, this.run),
        type,
      );
    }
    return super.lower(value, type);
  }

  override lift(handle: number, type: HandleType): Value {
    const value = super.lift(handle, type);
    if (type.kind === "own" && type.resource.exported)
      this.held.add(resourceKey(type.resource), value as number);
    return value;
  }
}

/** Handles of values that are only looked at. */
const onlyLooking: HandleOwner = {
  lift: (_, type) =>
    type.kind === "stream"
      ? new SharedStream(type.element)
      : type.kind === "future"
        ? new SharedFuture(type.element)
        : null,
  lower: () => 0,
  withoutLeaving: (body) => body(),
};

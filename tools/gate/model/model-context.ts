/**
 * Lifts and lowers values between the model and the guest's memory with the host's own codecs: every range that a value reaches is
 * judged by the shadow memory, what is lowered goes through the guest's `cabi_realloc`, handles come from and go to the model.
 */
import { ReadableFutureEnd, ReadableStreamEnd } from "../../host/copies/copy-end.js";
import { ComponentInstance } from "../../host/tasks/component-instance.js";
import { type EntryClass, HandleTable } from "../../host/tasks/handle-table.js";
import { InstanceHandles } from "../../host/calls/instance-handles.js";
import { LiftLowerContext } from "../../host/values/lift-lower-context.js";
import { ResourceHandle, ResourceType } from "../../host/tasks/resource.js";
import { SharedFuture } from "../../host/copies/shared-future.js";
import { SharedStream } from "../../host/copies/shared-stream.js";
import { Subtask } from "../../host/tasks/subtask.js";
import { Task } from "../../host/tasks/task.js";
import { Trap } from "../../host/values/trap.js";
import type { Resource as WitResource } from "../../wit/model.js";
import { End } from "./end.js";
import { resourceKey } from "./held-resources.js";
import type { ModelHost } from "./host.js";
import { JudgedMemory } from "./judged-memory.js";

/** What happens to the ranges that a value reaches. */
export type Reach = (ptr: number, byteLength: number, alignment: number, what: string) => void;

/** Strings whose length is a multiple of this many code units are lowered in their longest form first, which is then shortened. */
const SHORTENED = 2;
/** Alignment of a string's code units. */
const CODE_UNIT_BYTES = 2;

/** A context over the model. */
export class ModelContext extends LiftLowerContext {
  private current: JudgedMemory | null = null;

  /**
   * @param reach judges, or collects, ranges
   * @param inert whether handles stay where they are
   */
  constructor(
    readonly host: ModelHost,
    readonly reach: Reach,
    inert = false,
    scope: (instance: ComponentInstance) => Task | Subtask = () => new Subtask(),
  ) {
    const instance = new ModelInstance();
    instance.handles = inert ? new InertHandles(host) : new ModelHandles(host);
    const handles = new InstanceHandles(instance, scope(instance));
    super({ encoding: "utf16", memory: null, realloc: null }, handles);
  }

  override get memory(): JudgedMemory {
    return (this.current ??= new JudgedMemory(this.host));
  }

  override checkRange(ptr: number, byteLength: number, alignment: number, what: string): void {
    if (ptr % alignment !== 0)
      throw this.host.broken("misaligned", `${what}: ${ptr} is not a multiple of ${alignment}`);
    this.reach(ptr, byteLength, alignment, what);
    if (what === "string") this.memory.judge(ptr, byteLength);
  }

  override allocate(alignment: number, byteLength: number): number {
    const { host } = this;
    const codeUnits = byteLength / CODE_UNIT_BYTES;
    if (alignment !== CODE_UNIT_BYTES || codeUnits === 0 || codeUnits % SHORTENED !== 0)
      return host.allocate(0, 0, alignment, byteLength);
    const longest = host.allocate(0, 0, alignment, 2 * byteLength);
    return host.allocate(longest, 2 * byteLength, alignment, byteLength);
  }
}

/** The same for values that are lowered for a task: what it borrows, it has to drop. */
export class TaskContext extends ModelContext {
  constructor(host: ModelHost, reach: Reach) {
    super(host, reach, false, (instance) => new Task(instance, BORROWING, () => undefined));
  }
}

const BORROWING = { async: true, exclusive: true, returnsByBuiltIn: true };

class ModelInstance extends ComponentInstance {
  override handles: HandleTable = new HandleTable();

  override resourceType(resource: WitResource): ResourceType {
    return new ModelResourceType(resource);
  }
}

class ModelResourceType extends ResourceType {
  constructor(readonly resource: WitResource) {
    super(resource.name, null);
  }
}

/** Handles of values, in the model's table. */
class ModelHandles extends HandleTable {
  constructor(readonly host: ModelHost) {
    super();
  }

  override add(entry: object): number {
    const { host } = this;
    if (entry instanceof ReadableStreamEnd)
      return host.newEnd("stream", "read", host.element(entry.shared.elementType), host.passing).handle;
    if (entry instanceof ReadableFutureEnd)
      return host.newEnd("future", "read", host.element(entry.shared.elementType), host.passing).handle;
    if (entry instanceof ResourceHandle) return this.addResource(entry);
    throw new Trap("the gate's model does not know error contexts");
  }

  /** Of the guest's own resources the host gives back what it holds, and lends what the guest knows them by. */
  private addResource({ type, owned }: ResourceHandle): number {
    const { host } = this;
    const { resource } = type as ModelResourceType;
    if (!resource.exported) return host.resources.add(owned);
    const key = resourceKey(resource);
    return owned ? host.resources.addOwn(key, host.resources.held.take(key)) : host.resources.held.peek(key);
  }

  override get<T extends object>(handle: number, kind: EntryClass<T>): T {
    this.host.resources.require(handle, this.host.passing);
    return standIn(kind, null);
  }

  override remove<T extends object>(handle: number, kind: EntryClass<T>): T {
    const { host } = this;
    if (kind === (ResourceHandle as unknown)) {
      host.resources.pass(handle, host.passing);
      return standIn(kind, null);
    }
    const entry = host.entry(handle);
    host.giveAway(handle, host.passing);
    return standIn(kind, (entry as End).element.type);
  }
}

/** Handles of values that are only looked at. */
class InertHandles extends ModelHandles {
  override get<T extends object>(_handle: number, kind: EntryClass<T>): T {
    return standIn(kind, null);
  }

  override remove<T extends object>(handle: number, kind: EntryClass<T>): T {
    const entry = this.host.entry(handle);
    return standIn(kind, entry instanceof End ? entry.element.type : null);
  }
}

/** What the host's code takes for an entry: it asks types alone, and those the model has judged or does not have. */
function standIn<T extends object>(kind: EntryClass<T>, elementType: End["element"]["type"]): T {
  if (kind === (ReadableStreamEnd as unknown))
    return new ReadableStreamEnd(new SharedStream(elementType)) as unknown as T;
  if (kind === (ReadableFutureEnd as unknown))
    return new ReadableFutureEnd(new SharedFuture(elementType)) as unknown as T;
  return new AnyResource() as unknown as T;
}

class AnyResource extends ResourceHandle {
  constructor() {
    super({ name: "" } as never, 0, true);
  }

  override checkType(): void {
    // The model knows resources by their handles alone.
  }
}

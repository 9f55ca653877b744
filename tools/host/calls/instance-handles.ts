/** Values that are handles: resources, readable ends of streams and futures, error contexts. */
import { typesEqual } from "../../wit/layout.js";
import type { Resource, ValueType } from "../../wit/model.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import { CopyEnd, ReadableFutureEnd, ReadableStreamEnd } from "../copies/copy-end.js";
import { ErrorContext } from "../tasks/error-context.js";
import type { HandleOwner, HandleType } from "../values/lift-lower-context.js";
import { ResourceHandle } from "../tasks/resource.js";
import { SharedFuture } from "../copies/shared-future.js";
import { SharedStream } from "../copies/shared-stream.js";
import { Subtask } from "../tasks/subtask.js";
import { Task } from "../tasks/task.js";
import { trapIf } from "../values/trap.js";
import type { Value } from "../values/value.js";

/**
 * An instance's handle table as values see it, and the call that borrowed handles belong to: a task for the
 * guest's exports, a subtask for its imports.
 */
export class InstanceHandles implements HandleOwner {
  constructor(
    private readonly instance: ComponentInstance,
    private readonly borrowScope: Task | Subtask | null = null,
  ) {}

  withoutLeaving<R>(body: () => R): R {
    return this.instance.withoutLeaving(body);
  }

  lift(handle: number, type: HandleType): Value {
    const { handles } = this.instance;
    switch (type.kind) {
      case "stream":
        return liftEnd(handles.remove(handle, ReadableStreamEnd, "a readable stream end"), type.element);
      case "future":
        return liftEnd(handles.remove(handle, ReadableFutureEnd, "a readable future end"), type.element);
      case "own":
        return this.liftOwn(handles.remove(handle, ResourceHandle, "a resource"), type.resource);
      case "borrow":
        return this.liftBorrow(handles.get(handle, ResourceHandle, "a resource"), type.resource);
      case "error-context":
        return handles.get(handle, ErrorContext, "an error context");
    }
  }

  lower(value: Value, type: HandleType): number {
    const { handles } = this.instance;
    switch (type.kind) {
      case "stream":
        return handles.add(new ReadableStreamEnd(expectShared(value, SharedStream, type)));
      case "future":
        return handles.add(new ReadableFutureEnd(expectShared(value, SharedFuture, type)));
      case "own":
        return handles.add(new ResourceHandle(this.instance.resourceType(type.resource), value, true));
      case "borrow":
        return this.lowerBorrow(value, type.resource);
      case "error-context":
        return handles.add(value as ErrorContext);
    }
  }

  private liftOwn(handle: ResourceHandle, resource: Resource): Value {
    handle.checkType(this.instance.resourceType(resource));
    trapIf(handle.lends !== 0, `an own handle of ${handle.type.name} is passed while a call borrows it`);
    trapIf(!handle.owned, `a borrowed handle of ${handle.type.name} is passed as own`);
    return handle.representation as Value;
  }

  private liftBorrow(handle: ResourceHandle, resource: Resource): Value {
    handle.checkType(this.instance.resourceType(resource));
    if (!(this.borrowScope instanceof Subtask)) throw new Error("a borrow is lifted outside of a call");
    this.borrowScope.addLender(handle);
    return handle.representation as Value;
  }

  private lowerBorrow(value: Value, resource: Resource): number {
    const type = this.instance.resourceType(resource);
    if (type.implementer === this.instance) return value as number;
    if (!(this.borrowScope instanceof Task)) throw new Error("a borrow is lowered outside of a task");
    this.borrowScope.borrows++;
    return this.instance.handles.add(new ResourceHandle(type, value, false, this.borrowScope));
  }
}

function liftEnd(end: CopyEnd, elementType: ValueType | null): Value {
  trapIf(
    !typesEqual(end.shared.elementType, elementType),
    "a readable end with another element type is passed",
  );
  trapIf(end.state !== "idle", `a readable end that is ${end.state}, not idle, is passed`);
  trapIf(end.set !== null, "a readable end that is in a waitable set is passed");
  return end.shared;
}

function expectShared<T extends SharedStream | SharedFuture>(
  value: Value,
  kind: new (elementType: ValueType | null) => T,
  type: HandleType & { kind: "stream" | "future" },
): T {
  if (!(value instanceof kind)) throw new TypeError(`expected a ${type.kind}`);
  if (!typesEqual(value.elementType, type.element))
    throw new TypeError(`the ${type.kind}'s element type differs`);
  return value;
}

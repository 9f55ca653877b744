/** Values that are handles: resources, readable ends of streams and futures, error contexts. */
import { typesEqual } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { CopyEnd, ReadableFutureEnd, ReadableStreamEnd } from "./copy-end.js";
import { ErrorContext } from "../tasks/error-context.js";
import type { LiftLowerContext } from "../values/lift-lower-context.js";
import { ResourceHandle } from "../tasks/resource.js";
import { SharedFuture } from "./shared-future.js";
import { SharedStream } from "./shared-stream.js";
import { Subtask } from "../tasks/subtask.js";
import { Task } from "../tasks/task.js";
import { trapIf } from "../values/trap.js";
import type { Value } from "../values/value.js";

type HandleType = ValueType & { kind: "own" | "borrow" | "stream" | "future" | "error-context" };

/** Lifts a handle. Traps: not in use, of another kind or type, lent, or an end that is not idle or is in a set */
export function liftHandle(cx: LiftLowerContext, handle: number, type: HandleType): Value {
  const { handles } = cx.instance;
  switch (type.kind) {
    case "stream":
      return liftEnd(cx, handles.remove(handle, ReadableStreamEnd, "a readable stream end"), type.element);
    case "future":
      return liftEnd(cx, handles.remove(handle, ReadableFutureEnd, "a readable future end"), type.element);
    case "own":
      return liftOwn(cx, handles.remove(handle, ResourceHandle, "a resource"), type);
    case "borrow":
      return liftBorrow(cx, handles.get(handle, ResourceHandle, "a resource"), type);
    case "error-context":
      return handles.get(handle, ErrorContext, "an error context");
  }
}

/** Lowers a handle into the guest's table. @returns the handle; of a borrowed own resource, its representation */
export function lowerHandle(cx: LiftLowerContext, value: Value, type: HandleType): number {
  const { handles } = cx.instance;
  switch (type.kind) {
    case "stream":
      return handles.add(new ReadableStreamEnd(expectShared(value, SharedStream, type)));
    case "future":
      return handles.add(new ReadableFutureEnd(expectShared(value, SharedFuture, type)));
    case "own":
      return handles.add(new ResourceHandle(cx.instance.resourceType(type.resource), value, true));
    case "borrow":
      return lowerBorrow(cx, value, type);
    case "error-context":
      return handles.add(value as ErrorContext);
  }
}

function liftEnd(cx: LiftLowerContext, end: CopyEnd, elementType: ValueType | null): Value {
  trapIf(
    !typesEqual(end.shared.elementType, elementType),
    "a readable end with another element type is passed",
  );
  trapIf(end.state !== "idle", `a readable end that is ${end.state}, not idle, is passed`);
  trapIf(end.set !== null, "a readable end that is in a waitable set is passed");
  return end.shared;
}

function liftOwn(
  cx: LiftLowerContext,
  handle: ResourceHandle,
  type: HandleType & { kind: "own" | "borrow" },
): Value {
  handle.checkType(cx.instance.resourceType(type.resource));
  trapIf(handle.lends !== 0, `an own handle of ${handle.type.name} is passed while a call borrows it`);
  trapIf(!handle.owned, `a borrowed handle of ${handle.type.name} is passed as own`);
  return handle.representation as Value;
}

function liftBorrow(
  cx: LiftLowerContext,
  handle: ResourceHandle,
  type: HandleType & { kind: "own" | "borrow" },
): Value {
  handle.checkType(cx.instance.resourceType(type.resource));
  if (!(cx.borrowScope instanceof Subtask)) throw new Error("a borrow is lifted outside of a call");
  cx.borrowScope.addLender(handle);
  return handle.representation as Value;
}

function lowerBorrow(
  cx: LiftLowerContext,
  value: Value,
  type: HandleType & { kind: "own" | "borrow" },
): number {
  const resource = cx.instance.resourceType(type.resource);
  if (resource.implementer === cx.instance) return value as number;
  if (!(cx.borrowScope instanceof Task)) throw new Error("a borrow is lowered outside of a task");
  cx.borrowScope.borrows++;
  return cx.instance.handles.add(new ResourceHandle(resource, value, false, cx.borrowScope));
}

function expectShared<T extends SharedStream | SharedFuture>(
  value: Value,
  kind: new (elementType: ValueType | null) => T,
  type: HandleType & { kind: "stream" | "future" },
): T {
  if (!(value instanceof kind)) throw new TypeError(`a ${type.kind} is wanted`);
  if (!typesEqual(value.elementType, type.element))
    throw new TypeError(`the ${type.kind}'s element type differs`);
  return value;
}

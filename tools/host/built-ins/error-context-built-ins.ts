/** The built-ins of error contexts. Spec: CanonicalABI.md, "error-context.new" and what follows */
import { ErrorContext } from "../tasks/error-context.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import type { LiftLowerContext } from "../values/lift-lower-context.js";
import { loadString, storeString } from "../values/string-codec.js";

/** `error-context.new`: a handle of a new error context with the message at `ptr`. */
export function errorContextNew(
  instance: ComponentInstance,
  cx: LiftLowerContext,
  ptr: number,
  taggedCodeUnits: number,
): number {
  instance.checkMayLeave();
  return instance.handles.add(new ErrorContext(loadString(cx, { ptr, taggedCodeUnits })));
}

/** `error-context.debug-message`: stores the message's address and length at `ptr`. */
export function errorContextDebugMessage(
  instance: ComponentInstance,
  cx: LiftLowerContext,
  handle: number,
  ptr: number,
): void {
  instance.checkMayLeave();
  const { debugMessage } = instance.handles.get(handle, ErrorContext, "an error context");
  cx.checkRange(ptr, 8, 4, "error-context.debug-message");
  const range = storeString(cx, debugMessage);
  cx.memory.view.setUint32(ptr, range.ptr, true);
  cx.memory.view.setUint32(ptr + 4, range.taggedCodeUnits, true);
}

/** `error-context.drop`. */
export function errorContextDrop(instance: ComponentInstance, handle: number): void {
  instance.checkMayLeave();
  instance.handles.remove(handle, ErrorContext, "an error context");
}

import type { ComponentInstance } from "./component-instance.js";
import type { LiftLowerContext } from "../values/lift-lower-context.js";
import { loadString, storeString } from "../values/string-codec.js";

/**
 * An error context: a debug message that travels with an error.
 *
 * Spec: CanonicalABI.md, "error-context.new" and what follows
 */
export class ErrorContext {
  constructor(readonly debugMessage: string) {}
}

/** `error-context.new`: a handle of a new error context with the message at `ptr`. */
export function errorContextNew(cx: LiftLowerContext, ptr: number, taggedCodeUnits: number): number {
  cx.instance.checkMayLeave();
  return cx.instance.handles.add(new ErrorContext(loadString(cx, { ptr, taggedCodeUnits })));
}

/** `error-context.debug-message`: stores the message's address and length at `ptr`. */
export function errorContextDebugMessage(cx: LiftLowerContext, handle: number, ptr: number): void {
  cx.instance.checkMayLeave();
  const { debugMessage } = cx.instance.handles.get(handle, ErrorContext, "an error context");
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

/**
 * The built-ins on streams and futures:
 * `{stream,future}.{new,read,write,cancel-read,cancel-write,drop-readable, drop-writable}`.
 *
 * Spec: CanonicalABI.md, "canon stream.read" and its neighbours
 */
import { InstanceHandles } from "../calls/instance-handles.js";
import { typesEqual } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import { GuestReadableBuffer, GuestWritableBuffer } from "../copies/copy-buffer.js";
import {
  CopyEnd,
  ReadableFutureEnd,
  ReadableStreamEnd,
  WritableFutureEnd,
  WritableStreamEnd,
} from "../copies/copy-end.js";
import type { EntryClass } from "../tasks/handle-table.js";
import { LiftLowerContext, type LiftLowerOptions } from "../values/lift-lower-context.js";
import { CopyResult, type CopyObserver } from "../copies/shared-copy.js";
import { SharedFuture } from "../copies/shared-future.js";
import { SharedStream } from "../copies/shared-stream.js";
import { trapIf } from "../values/trap.js";
import { EventCode } from "../tasks/waitable.js";

/** The result of a copy or a cancel that is not over yet. */
export const BLOCKED = 0xffff_ffff;

/** What a copy is on. */
export type CopyKind = "stream" | "future";
/** Which way a copy goes, seen from the guest. */
export type CopyDirection = "read" | "write";

/** Which end of what a built-in is for. */
export interface CopyTarget {
  readonly kind: CopyKind;
  readonly direction: CopyDirection;
  /** The element type that the built-in was declared with. */
  readonly elementType: ValueType | null;
}

interface EndKind {
  readonly entry: EntryClass<CopyEnd>;
  readonly event: EventCode;
  readonly what: string;
}

const endKinds: Record<CopyKind, Record<CopyDirection, EndKind>> = {
  stream: {
    read: { entry: ReadableStreamEnd, event: EventCode.STREAM_READ, what: "a readable stream end" },
    write: { entry: WritableStreamEnd, event: EventCode.STREAM_WRITE, what: "a writable stream end" },
  },
  future: {
    read: { entry: ReadableFutureEnd, event: EventCode.FUTURE_READ, what: "a readable future end" },
    write: { entry: WritableFutureEnd, event: EventCode.FUTURE_WRITE, what: "a writable future end" },
  },
};

/** `stream.new`, `future.new`. @returns the readable end's handle, and the writable one's in the high half */
export function copyNew(instance: ComponentInstance, kind: CopyKind, elementType: ValueType | null): bigint {
  instance.checkMayLeave();
  const { handles } = instance;
  let readable: number;
  let writable: number;
  if (kind === "stream") {
    const shared = new SharedStream(elementType);
    readable = handles.add(new ReadableStreamEnd(shared));
    writable = handles.add(new WritableStreamEnd(shared));
  } else {
    const shared = new SharedFuture(elementType);
    readable = handles.add(new ReadableFutureEnd(shared));
    writable = handles.add(new WritableFutureEnd(shared));
  }
  return BigInt(readable) | (BigInt(writable) << 32n);
}

/** The range of memory that a copy is about; `length` in elements, 1 for futures. */
export interface CopyRange {
  readonly ptr: number;
  readonly length: number;
}

/**
 * `stream.read`, `stream.write`, `future.read`, `future.write`.
 * @returns BLOCKED, or the packed result: of streams CopyResult | progress << 4, of futures CopyResult
 * Lends:  the range, until the event is delivered or a cancel has settled
 * Traps:  no such end; another element type; not idle; synchronous while in a
 * set; the range is misaligned or out
 *         of bounds; elements cannot be lifted; both ends in one instance and no numbers
 */
export function copyStart(
  instance: ComponentInstance,
  target: CopyTarget,
  options: LiftLowerOptions & { readonly async: boolean },
  handle: number,
  range: CopyRange,
): number {
  instance.checkMayLeave();
  const end = findEnd(instance, target, handle);
  const name = builtInName(target);
  requireIdle(end, name, options.async);
  const cx = new LiftLowerContext(options, new InstanceHandles(instance));
  const Buffer = target.direction === "read" ? GuestWritableBuffer : GuestReadableBuffer;
  startCopy(instance, end, target, handle, new Buffer(cx, target.elementType, range.ptr, range.length));
  if (!end.hasPendingEvent) {
    if (options.async) return BLOCKED;
    waitForEvent(instance, end, name);
  }
  return end.takePendingEvent()[2];
}

function startCopy(
  instance: ComponentInstance,
  end: CopyEnd,
  target: CopyTarget,
  handle: number,
  buffer: GuestWritableBuffer | GuestReadableBuffer,
): void {
  const { event } = endKinds[target.kind][target.direction];
  const isFuture = target.kind === "future";
  const announce = (result: CopyResult, reclaim: () => void): void => {
    end.setPendingEvent(() => {
      reclaim();
      const over = result === CopyResult.DROPPED || (isFuture && result === CopyResult.COMPLETED);
      end.state = over ? "done" : "idle";
      return [event, handle, isFuture ? result : result + buffer.progress * 16];
    });
  };
  const observer: CopyObserver = {
    onCopy: (reclaim) => {
      announce(CopyResult.COMPLETED, reclaim);
    },
    onCopyDone: (result) => {
      announce(result, () => undefined);
    },
  };
  end.state = "copying";
  if (buffer instanceof GuestWritableBuffer) end.shared.read(instance, buffer, observer);
  else end.shared.write(instance, buffer, observer);
}

/**
 * `{stream,future}.cancel-{read,write}`.
 * @returns BLOCKED, or what the copy came to: an event that was pending is delivered by this
 * Traps: no such end; another element type; no copy in flight or cancelled
 * already; synchronous while in a set
 */
export function copyCancel(
  instance: ComponentInstance,
  target: CopyTarget,
  async: boolean,
  handle: number,
): number {
  instance.checkMayLeave();
  const end = findEnd(instance, target, handle);
  const name = builtInName(target, "cancel-");
  requireCancellable(end, name, async);
  end.state = "cancelling-copy";
  if (!end.hasPendingEvent) end.shared.cancel();
  if (!end.hasPendingEvent) {
    if (async) return BLOCKED;
    waitForEvent(instance, end, name);
  }
  return end.takePendingEvent()[2];
}

/**
 * `{stream,future}.drop-{readable,writable}`.
 * Traps: no such end; another element type; a copy in flight; a future not written
 */
export function copyDrop(instance: ComponentInstance, target: CopyTarget, handle: number): void {
  instance.checkMayLeave();
  const end = findEnd(instance, target, handle);
  instance.handles.remove(handle, CopyEnd, "an end");
  end.drop();
}

/** Before a copy. Traps: one is in flight; the other end is gone; synchronous while in a set */
export function requireIdle(end: CopyEnd, name: string, async: boolean): void {
  trapIf(end.state !== "idle", `${name}: the end is ${end.state}, not idle`);
  trapIf(end.set !== null && !async, `${name}: synchronous while the end is in a waitable set`);
}

/**
 * Before a cancel.
 * Traps: no copy in flight or cancelled already; waited for synchronously; synchronous while in a set
 */
export function requireCancellable(end: CopyEnd, name: string, async: boolean): void {
  trapIf(
    end.state !== "copying",
    `${name}: the end is ${end.state}; no copy is in flight that could be cancelled`,
  );
  trapIf(end.hasSyncWaiter, `${name}: a synchronous copy waits for the end`);
  trapIf(end.set !== null && !async, `${name}: synchronous while the end is in a waitable set`);
}

/** The end behind `handle`. Traps: no such end; another element type than the built-in's */
export function findEnd(instance: ComponentInstance, target: CopyTarget, handle: number): CopyEnd {
  const { entry, what } = endKinds[target.kind][target.direction];
  const end = instance.handles.get(handle, entry, what);
  trapIf(
    !typesEqual(end.shared.elementType, target.elementType),
    `${builtInName(target)}: the end's element type is not the built-in's`,
  );
  return end;
}

function waitForEvent(instance: ComponentInstance, end: CopyEnd, name: string): void {
  end.hasSyncWaiter = true;
  instance.currentTask.blockUntil(() => end.hasPendingEvent, `a synchronous ${name}`);
  end.hasSyncWaiter = false;
}

function builtInName(target: CopyTarget, prefix = ""): string {
  return `${target.kind}.${prefix}${target.direction}`;
}

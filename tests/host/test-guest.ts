/** A guest without core code: its built-ins are called by a test's own function, inside a task. */
import { ComponentInstance } from "../../tools/host/tasks/component-instance.js";
import {
  copyCancel,
  copyDrop,
  copyNew,
  copyStart,
  type CopyDirection,
  type CopyKind,
} from "../../tools/host/built-ins/copy-built-ins.js";
import { HostEnd } from "../../tools/host/copies/host-end.js";
import { callExport } from "../../tools/host/calls/lift.js";
import type { StringEncoding } from "../../tools/wit/string-encoding.js";
import { InstanceHandles } from "../../tools/host/calls/instance-handles.js";
import { LiftLowerContext, type Realloc } from "../../tools/host/values/lift-lower-context.js";
import { LinearMemory } from "../../tools/host/values/linear-memory.js";
import { callImport, immediate, type HostFunction } from "../../tools/host/calls/lower.js";
import { SharedFuture } from "../../tools/host/copies/shared-future.js";
import { SharedStream } from "../../tools/host/copies/shared-stream.js";
import * as task from "../../tools/host/built-ins/task-built-ins.js";
import * as waitable from "../../tools/host/built-ins/waitable-built-ins.js";
import type { ValueType } from "../../tools/wit/model.js";

export const u16: ValueType = { kind: "u16" };

/** What a built-in is declared with, beside what the test is about. */
export interface CopyFlags {
  readonly sync?: boolean;
  readonly ptr?: number;
  readonly length?: number;
  readonly type?: ValueType | null;
}

export class TestGuest {
  readonly instance = new ComponentInstance();
  readonly bytes = new Uint8Array(65536);
  private heap = 32768;
  readonly realloc: Realloc = (_old, _oldByteLength, alignment, byteLength) => {
    const ptr = Math.ceil(this.heap / alignment) * alignment;
    this.heap = ptr + byteLength;
    return ptr;
  };
  readonly options;

  constructor(encoding: StringEncoding = "utf8") {
    this.options = { encoding, memory: new LinearMemory(this.bytes), realloc: this.realloc };
  }

  /** A context for lifting and lowering. */
  get cx(): LiftLowerContext {
    return new LiftLowerContext(this.options, new InstanceHandles(this.instance));
  }

  /** Runs `body` as the core code of a task. */
  run(body: () => void, { async = true } = {}): void {
    const core = (): undefined => {
      body();
      if (async && this.instance.currentTask.state !== "resolved") this.returnValue(null);
    };
    const type = { params: [], result: null, async };
    callExport(
      this.instance,
      { type, options: this.options, core, style: async ? "stackful" : "sync" },
      () => [],
      () => undefined,
    );
  }

  /** A pair of ends. */
  make(kind: CopyKind, type: ValueType | null = u16): { r: number; w: number } {
    const pair = copyNew(this.instance, kind, type);
    return { r: Number(pair & 0xffff_ffffn), w: Number(pair >> 32n) };
  }

  /** A readable end whose writable one the host has. */
  give(kind: CopyKind, type: ValueType | null = u16): { r: number; end: HostEnd } {
    const shared = kind === "stream" ? new SharedStream(type) : new SharedFuture(type);
    const result: ValueType = { kind, element: type };
    const callee = immediate(() => shared);
    const [r] = this.callSync({ params: [], result }, callee, []);
    return { r: Number(r), end: new HostEnd(shared) };
  }

  /** Passes a readable end to the host. */
  take(kind: CopyKind, handle: number, type: ValueType | null = u16): HostEnd {
    let end: HostEnd | null = null;
    const keep = immediate((shared) => {
      end = new HostEnd(shared as SharedStream);
      return undefined;
    });
    this.callSync({ params: [{ name: "x", type: { kind, element: type } }], result: null }, keep, [handle]);
    return end!;
  }

  copy(kind: CopyKind, direction: CopyDirection, handle: number, flags: CopyFlags = {}): number {
    const { sync = false, ptr = 1024, length = 1, type = u16 } = flags;
    const range = { ptr, length };
    return copyStart(
      this.instance,
      { kind, direction, elementType: type },
      { ...this.options, async: !sync },
      handle,
      range,
    );
  }

  cancel(
    kind: CopyKind,
    direction: CopyDirection,
    handle: number,
    { sync = false, type = u16 }: CopyFlags = {},
  ): number {
    return copyCancel(this.instance, { kind, direction, elementType: type }, !sync, handle);
  }

  drop(kind: CopyKind, direction: CopyDirection, handle: number, type: ValueType | null = u16): void {
    copyDrop(this.instance, { kind, direction, elementType: type }, handle);
  }

  newSet(): number {
    return waitable.waitableSetNew(this.instance);
  }

  join(handle: number, set: number): void {
    waitable.waitableJoin(this.instance, handle, set);
  }

  poll(set: number, ptr = 16): number[] {
    return this.event(waitable.waitableSetPoll(this.instance, this.options, false, set, ptr), ptr);
  }

  wait(set: number, ptr = 16): number[] {
    return this.event(waitable.waitableSetWait(this.instance, this.options, false, set, ptr), ptr);
  }

  dropSet(set: number): void {
    waitable.waitableSetDrop(this.instance, set);
  }

  cancelSubtask(handle: number): number {
    return waitable.subtaskCancel(this.instance, true, handle);
  }

  dropSubtask(handle: number): void {
    waitable.subtaskDrop(this.instance, handle);
  }

  lowerBackpressure(): void {
    task.backpressureDec(this.instance);
  }

  cancelTask(): void {
    task.taskCancel(this.instance);
  }

  returnValue(type: ValueType | null, ...args: number[]): void {
    task.taskReturn(this.instance, this.options, type, args);
  }

  /** Calls an import `func() -> ()` with the async option. */
  callAsync(callee: HostFunction): number {
    const func = { type: { params: [], result: null }, options: this.options, async: true, callee };
    return Number(callImport(this.instance, func, [])[0]);
  }

  private callSync(
    type: { params: { name: string; type: ValueType }[]; result: ValueType | null },
    callee: HostFunction,
    args: number[],
  ): (number | bigint)[] {
    return callImport(this.instance, { type, options: this.options, async: false, callee }, args);
  }

  private event(code: number, ptr: number): number[] {
    const { view } = this.options.memory;
    return [code, view.getUint32(ptr, true), view.getUint32(ptr + 4, true)];
  }
}

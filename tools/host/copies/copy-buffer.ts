/**
 * Where a copy's elements come from or go to: a range of the guest's memory, or the host's own items.
 *
 * Spec: CanonicalABI.md, "Buffer State"
 */
import { alignment, elemSize } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { Items } from "./items.js";
import type { LiftLowerContext } from "../values/lift-lower-context.js";
import { trapIf } from "../values/trap.js";

/** Elements that one copy moves at most. */
export const MAX_COPY_LENGTH = 2 ** 28 - 1;

/** What both kinds of buffer have: `length` elements, `progress` of them moved. */
abstract class CopyBuffer {
  progress = 0;

  constructor(
    readonly type: ValueType | null,
    readonly length: number,
  ) {}

  get remaining(): number {
    return this.length - this.progress;
  }
}

/** A buffer that elements are taken from: the writer's. */
export abstract class ReadableBuffer extends CopyBuffer {
  /** Takes `length` elements, at most `remaining`. Traps: the guest's bytes are no values of the type */
  abstract read(length: number): Items;
}

/** A buffer that elements are put into: the reader's. */
export abstract class WritableBuffer extends CopyBuffer {
  /** Puts elements in, at most `remaining`. */
  abstract write(items: Items): void;
}

/**
 * Checks the range that a guest lends to a copy. Without elements, or without an element type, the address is
 * not looked at. Traps: more than 2^28-1 elements; misaligned; out of bounds
 */
function checkLentRange(cx: LiftLowerContext, type: ValueType | null, ptr: number, length: number): void {
  trapIf(length > MAX_COPY_LENGTH, `a copy of ${length} elements; at most ${MAX_COPY_LENGTH} are allowed`);
  if (type !== null && length > 0)
    cx.checkRange(ptr, length * elemSize(type), alignment(type), "copy's buffer");
}

/** The guest's memory, written from. */
export class GuestReadableBuffer extends ReadableBuffer {
  constructor(
    private readonly cx: LiftLowerContext,
    type: ValueType | null,
    private ptr: number,
    length: number,
  ) {
    checkLentRange(cx, type, ptr, length);
    super(type, length);
  }

  override read(length: number): Items {
    const items = Items.lift(this.cx, this.type, this.ptr, length);
    if (this.type !== null) this.ptr += length * elemSize(this.type);
    this.progress += length;
    return items;
  }
}

/** The guest's memory, read into. */
export class GuestWritableBuffer extends WritableBuffer {
  constructor(
    private readonly cx: LiftLowerContext,
    type: ValueType | null,
    private ptr: number,
    length: number,
  ) {
    checkLentRange(cx, type, ptr, length);
    super(type, length);
  }

  override write(items: Items): void {
    items.lower(this.cx, this.ptr);
    if (this.type !== null) this.ptr += items.length * elemSize(this.type);
    this.progress += items.length;
  }
}

/** Items that the host writes. */
export class HostReadableBuffer extends ReadableBuffer {
  constructor(private readonly items: Items) {
    super(items.type, items.length);
  }

  override read(length: number): Items {
    const items = this.items.slice(this.progress, this.progress + length);
    this.progress += length;
    return items;
  }
}

/** Room for items that the host reads. */
export class HostWritableBuffer extends WritableBuffer {
  /** What has arrived, in order. */
  readonly received: Items[] = [];

  override write(items: Items): void {
    this.received.push(items);
    this.progress += items.length;
  }
}

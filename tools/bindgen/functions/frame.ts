/** Where the parts of a task or call lie in its static frame. */
import { OPERATION_BYTES } from "../../source/library-layout.js";
import { alignTo, alignment, elemSize } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";

/** Hands out places in one frame. Offsets count from the frame's start, which is aligned to `alignment`. */
export class Frame {
  /** Bytes taken so far. */
  byteLength = 0;
  /** Bytes that the frame's address is a multiple of. */
  alignment = 4;
  /** What lies where, for the comment above the frame. */
  readonly parts: { readonly offset: number; readonly what: string }[] = [];

  /** A place for the operation of an end whose element type is `element`. */
  operation(element: ValueType | null, what: string): number {
    const unit = Math.max(4, element ? alignment(element) : 1);
    const slotBytes = element ? elemSize(element) : 0;
    const offset = alignTo(this.byteLength + OPERATION_BYTES, unit) - OPERATION_BYTES;
    this.take(
      offset,
      OPERATION_BYTES + slotBytes,
      unit,
      `operation of ${what}: ${OPERATION_BYTES} + slot ${slotBytes}`,
    );
    return offset;
  }

  /** A place for a value. */
  value(type: ValueType, what: string): number {
    const offset = alignTo(this.byteLength, alignment(type));
    this.take(offset, elemSize(type), alignment(type), `${what}: ${elemSize(type)}`);
    return offset;
  }

  private take(offset: number, byteLength: number, unit: number, what: string): void {
    this.parts.push({ offset, what });
    this.byteLength = offset + byteLength;
    this.alignment = Math.max(this.alignment, unit);
  }
}

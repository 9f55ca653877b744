/**
 * Elements on their way from one end of a stream or future to the other, lifted and not yet lowered.
 *
 * Of a plain type they are bytes in canonical layout with padding 0, else
 * values; of no element type only a count.
 */
import type { ValueType } from "../../wit/model.js";
import { codecOf, loadElements, storeElements } from "../values/codec.js";
import { LiftLowerContext } from "../values/lift-lower-context.js";
import { LinearMemory } from "../values/linear-memory.js";
import { isPlain, plainCopier } from "../values/plain-copy.js";
import type { Value } from "../values/value.js";

/** Elements of one type, as canonical bytes or as values, made from each other when they are asked for. */
export class Items {
  private constructor(
    readonly type: ValueType | null,
    readonly length: number,
    private readonly bytes: Uint8Array | null,
    private readonly list: readonly Value[] | null,
  ) {}

  /** `length` elements of no type. */
  static units(length: number): Items {
    return new Items(null, length, null, null);
  }

  /**
   * Elements of a plain type from bytes in canonical layout; padding, bools and NaNs need not be normal.
   * Traps: bytes that are no value of the type
   */
  static fromBytes(type: ValueType, bytes: Uint8Array): Items {
    const { elemSize, copy } = plainCopier(type);
    const length = Math.floor(bytes.length / elemSize);
    const own = new Uint8Array(length * elemSize);
    copy(bytes, 0, own, 0, length);
    return new Items(type, length, own, null);
  }

  /** Elements from values. @throws TypeError or RangeError when one does not fit the type */
  static fromValues(type: ValueType | null, values: readonly Value[]): Items {
    if (type === null) return Items.units(values.length);
    if (!isPlain(type)) return new Items(type, values.length, null, values);
    const { elemSize } = codecOf(type);
    const bytes = new Uint8Array(values.length * elemSize);
    storeElements(hostContext(bytes), codecOf(type), 0, values);
    return new Items(type, values.length, bytes, null);
  }

  /** Lifts `length` elements from a range of the guest's memory that has been checked. */
  static lift(cx: LiftLowerContext, type: ValueType | null, ptr: number, length: number): Items {
    if (type === null || length === 0) return new Items(type, length, null, []);
    if (!isPlain(type)) return new Items(type, length, null, loadElements(cx, codecOf(type), ptr, length));
    const { elemSize, copy } = plainCopier(type);
    const bytes = new Uint8Array(length * elemSize);
    copy(cx.memory.bytes, ptr, bytes, 0, length);
    return new Items(type, length, bytes, null);
  }

  /** Lowers the elements into a range of the guest's memory that has been checked. */
  lower(cx: LiftLowerContext, ptr: number): void {
    if (this.type === null || this.length === 0) return;
    if (this.bytes === null) {
      storeElements(cx, codecOf(this.type), ptr, this.list!);
    } else {
      plainCopier(this.type).copy(this.bytes, 0, cx.memory.bytes, ptr, this.length);
    }
  }

  /** The elements from `start` up to `end`. */
  slice(start: number, end: number): Items {
    if (start === 0 && end >= this.length) return this;
    const { type, bytes, list } = this;
    if (bytes === null)
      return new Items(type, end - start, null, list === null ? null : list.slice(start, end));
    const { elemSize } = plainCopier(type!);
    return new Items(type, end - start, bytes.subarray(start * elemSize, end * elemSize), null);
  }

  /** The elements as values; `null` for each element of no type. */
  values(): readonly Value[] {
    if (this.type === null) return new Array<null>(this.length).fill(null);
    if (this.bytes === null) return this.list ?? [];
    return loadElements(hostContext(this.bytes), codecOf(this.type), 0, this.length);
  }

  /** The bytes of elements of a plain type, in canonical layout with padding 0; null for any other type. */
  canonicalBytes(): Uint8Array | null {
    if (this.type === null || !isPlain(this.type)) return null;
    return this.bytes ?? new Uint8Array(0);
  }
}

/** A context over host memory; plain types need nothing else of it. */
function hostContext(bytes: Uint8Array): LiftLowerContext {
  const source =
    bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  const memory = new LinearMemory(source);
  return new LiftLowerContext({ encoding: "utf16", memory, realloc: null });
}

/**
 * The guest's memory as the model lifts values from it: what it takes for part
 * of a value must have been written.
 */
import { LinearMemory } from "../../host/values/linear-memory.js";
import type { ShadowMemory } from "../shadow/shadow-memory.js";
import type { Run } from "./run.js";

/** Linear memory that is looked at as it is read; padding is not read. */
export class JudgedMemory extends LinearMemory {
  private readonly judgedView: DataView;
  private element = 0;
  private elemSize = 0;
  private zeroed = false;
  private sent = false;
  private stored = false;

  constructor(
    buffer: ArrayBufferLike,
    private readonly shadow: ShadowMemory,
    private readonly run: Run,
  ) {
    super({ buffer });
    this.judgedView = judgedView(buffer, (ptr, byteLength) => {
      this.judge(ptr, byteLength);
    });
  }

  override get view(): DataView {
    return this.judgedView;
  }

  /**
   * An element of a copy is about to be lifted; of 0 bytes, something else.
   * @param zeroed whether its zeros may be sent
   */
  begin(ptr: number, elemSize: number, zeroed = false): void {
    this.zeroed = zeroed;
    this.element = ptr;
    this.elemSize = elemSize;
    this.sent = this.stored = false;
  }

  /** Whether a part of the element was sent before, and another was stored since. */
  get isMixed(): boolean {
    return this.sent && this.stored;
  }

  /** These bytes are part of a value. */
  judge(ptr: number, byteLength: number): void {
    const { run, shadow, element, elemSize } = this;
    const isElement = element <= ptr && ptr < element + elemSize;
    const sent = shadow.requireWritten(ptr, byteLength, isElement && !this.zeroed, run.site());
    if (!isElement) return;
    this.sent ||= sent;
    this.stored ||= !sent;
  }
}

/** What codecs read with, and the bytes that each reads. */
const reads = {
  getUint8: 1,
  getInt8: 1,
  getUint16: 2,
  getInt16: 2,
  getUint32: 4,
  getInt32: 4,
  getFloat32: 4,
  getBigUint64: 8,
  getBigInt64: 8,
  getFloat64: 8,
} as const;

/** A view whose reads are judged first. */
function judgedView(buffer: ArrayBufferLike, judge: (ptr: number, byteLength: number) => void): DataView {
  const view = new DataView(buffer);
  for (const [name, byteLength] of Object.entries(reads) as [keyof typeof reads, number][]) {
    const read = view[name].bind(view) as (ptr: number, little?: boolean) => number & bigint;
    view[name] = (ptr: number, little?: boolean) => {
      judge(ptr, byteLength);
      return read(ptr, little);
    };
  }
  return view;
}

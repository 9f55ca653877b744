/** Reads the primitive forms of the WebAssembly binary format from a byte range, in order. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, from = 0, to: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
  }

  /** Offset of the next byte, from the start of the whole array. */
  get offset(): number {
    return this.#at;
  }

  /** Whether every byte has been read. */
  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** One byte. @throws RangeError past the end */
  byte(): number {
    if (this.#at >= this.#end)
      throw new RangeError(`the binary ends at byte ${String(this.#at)}, in the middle of an item`);
    return this.#bytes[this.#at++]!;
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError(`a number before byte ${String(this.#at)} is too long`);
  }

  /** A signed LEB128 number of at most 33 bits. */
  s33(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return byte & 0x40 ? value - 2 ** (shift + 7) : value;
    }
    throw new RangeError(`a number before byte ${String(this.#at)} is too long`);
  }

  /** A length and that many bytes of UTF-8. */
  name(): string {
    return new TextDecoder("utf-8", { fatal: true }).decode(this.take(this.u32()));
  }

  /** The next `length` bytes. */
  take(length: number): Uint8Array {
    if (this.#at + length > this.#end)
      throw new RangeError(`the binary ends before byte ${String(this.#at + length)}`);
    const from = this.#at;
    this.#at += length;
    return this.#bytes.subarray(from, this.#at);
  }

  /** A count and that many items. */
  vector<T>(item: () => T): T[] {
    return Array.from({ length: this.u32() }, item);
  }

  /** A flag byte, and an item when it is 1. */
  optional<T>(item: () => T): T | null {
    return this.byte() === 0 ? null : item();
  }
}

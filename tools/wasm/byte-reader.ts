/** A cursor over wasm bytes that knows where it is and refuses, with the offset, what is not there. */

/**
 * Bytes that are no WebAssembly module, or that end too early. `offset` is the byte of the file where it
 * shows; `isUnknown` says that something stands there that a newer proposal may have brought.
 */
export class WasmFormatError extends Error {
  override readonly name = "WasmFormatError";
  constructor(
    readonly what: string,
    readonly offset: number,
    readonly isUnknown = false,
  ) {
    super(`${what} at byte ${offset} (0x${offset.toString(16)})`);
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads little-endian and LEB128 values from `bytes`, between `offset` and `end`. */
export class ByteReader {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public offset = 0,
    public end = bytes.length,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether every byte up to `end` was read. */
  get done(): boolean {
    return this.offset >= this.end;
  }

  /** One byte. */
  u8(): number {
    if (this.offset >= this.end) throw new WasmFormatError("unexpected end", this.end);
    return this.bytes[this.offset++]!;
  }

  /** The next byte, which stays unread. */
  peek(): number {
    if (this.offset >= this.end) throw new WasmFormatError("unexpected end", this.end);
    return this.bytes[this.offset]!;
  }

  /** Four bytes, little-endian. */
  u32le(): number {
    const at = this.skip(4);
    return this.view.getUint32(at, true);
  }

  /** An unsigned LEB128 of at most 32 bits. */
  u32(): number {
    const start = this.offset;
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 15) throw new WasmFormatError("integer too large", start);
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
    throw new WasmFormatError("integer too long", start);
  }

  /** A signed LEB128 of at most 33 bits (i32, and the block and heap types). */
  s33(): number {
    return Number(this.signed(5));
  }

  /** A signed LEB128 of at most 64 bits. */
  s64(): bigint {
    return this.signed(10);
  }

  /** An unsigned LEB128 of at most 64 bits (memory64 offsets and limits). */
  u64(): bigint {
    const start = this.offset;
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    throw new WasmFormatError("integer too long", start);
  }

  /** A length-prefixed UTF-8 name. */
  name(): string {
    const length = this.u32();
    const at = this.skip(length);
    try {
      return utf8.decode(this.bytes.subarray(at, at + length));
    } catch {
      throw new WasmFormatError("name is not UTF-8", at);
    }
  }

  /** Passes over `byteLength` bytes; returns where they start. */
  skip(byteLength: number): number {
    const at = this.offset;
    if (at + byteLength > this.end) throw new WasmFormatError("unexpected end", this.end);
    this.offset = at + byteLength;
    return at;
  }

  /** A reader of the next `byteLength` bytes, which this one passes over. */
  window(byteLength: number): ByteReader {
    const at = this.skip(byteLength);
    return new ByteReader(this.bytes, at, at + byteLength);
  }

  /** Reads a count, then calls `read` that many times. */
  vector<T>(read: (index: number) => T): T[] {
    const at = this.offset;
    const count = this.u32();
    // An entry takes a byte at least, so a greater count is wrong; it must not become an allocation.
    if (count > this.end - this.offset) throw new WasmFormatError(`count ${count} exceeds what is left`, at);
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(read(index));
    return items;
  }

  private signed(maxBytes: number): bigint {
    const start = this.offset;
    const first = this.u8();
    if (first < 0x80) return BigInt(first < 0x40 ? first : first - 0x80);
    let result = BigInt(first & 0x7f);
    for (let index = 1, shift = 7n; index < maxBytes; index++, shift += 7n) {
      const byte = this.u8();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80)
        return byte & 0x40 ? BigInt.asIntN(64, result - (1n << (shift + 7n))) : BigInt.asIntN(64, result);
    }
    throw new WasmFormatError("integer too long", start);
  }
}

/** Writes the binary format of WebAssembly: LEB128 numbers, names, vectors, sections. */

/** A growing run of bytes. */
export class ByteWriter {
  private buffer = new Uint8Array(256);
  private used = 0;

  /** The bytes that were written. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }

  /** Appends single bytes. */
  put(...values: readonly number[]): this {
    this.reserve(values.length);
    for (const value of values) this.buffer[this.used++] = value;
    return this;
  }

  /** Appends a run of bytes. */
  append(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.used);
    this.used += bytes.length;
    return this;
  }

  /** An unsigned LEB128. */
  u32(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.put((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.put(rest);
  }

  /** A signed LEB128 of 32 bits. */
  s32(value: number): this {
    let rest = value | 0;
    for (;;) {
      const byte = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && !(byte & 0x40)) || (rest === -1 && byte & 0x40)) return this.put(byte);
      this.put(byte | 0x80);
    }
  }

  /** A signed LEB128 of 64 bits. */
  s64(value: bigint): this {
    let rest = BigInt.asIntN(64, value);
    for (;;) {
      const byte = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && !(byte & 0x40)) || (rest === -1n && byte & 0x40)) return this.put(byte);
      this.put(byte | 0x80);
    }
  }

  /** Eight bytes of a float. */
  f64(value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.append(bytes);
  }

  /** A length-prefixed UTF-8 name. */
  name(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u32(bytes.length).append(bytes);
  }

  /** A length-prefixed run of bytes. */
  sized(bytes: Uint8Array): this {
    return this.u32(bytes.length).append(bytes);
  }

  /** A vector: the number of entries, then the entries. */
  vector(entries: readonly Uint8Array[]): this {
    this.u32(entries.length);
    for (const entry of entries) this.append(entry);
    return this;
  }

  /** A section: its number, its length, its content. */
  section(id: number, content: Uint8Array): this {
    return this.put(id).sized(content);
  }

  private reserve(more: number): void {
    if (this.used + more <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.used + more));
    larger.set(this.bytes);
    this.buffer = larger;
  }
}

/** A function type in binary form. */
export function functionType(params: readonly number[], results: readonly number[]): Uint8Array {
  return new ByteWriter()
    .put(0x60)
    .u32(params.length)
    .put(...params)
    .u32(results.length)
    .put(...results).bytes;
}

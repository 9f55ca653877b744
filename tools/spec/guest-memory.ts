/** The linear memory of a spec's module, as the host that a spec scripts looks at it. */

/** What of the module's exports is needed for it. */
export interface SpecExports {
  readonly memory: WebAssembly.Memory;
  /** The allocator, of specs that have one. */
  cabi_realloc?(ptr: number, oldLength: number, alignment: number, newLength: number): number;
}

/** Memory that may grow between any two calls: nothing of it is kept. */
export class GuestMemory {
  /** Set before any code of the module runs that calls the host. */
  exports!: SpecExports;

  /** All bytes. */
  bytes(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer);
  }

  /** A copy of `byteLength` bytes at `ptr`, cut off at the memory's end. */
  copy(ptr: number, byteLength: number): Uint8Array {
    return this.bytes().slice(ptr >>> 0, (ptr >>> 0) + (byteLength >>> 0));
  }

  /** Puts `bytes` at `ptr`. @throws RangeError when they do not fit */
  write(ptr: number, bytes: Uint8Array): void {
    this.bytes().set(bytes, ptr >>> 0);
  }

  /** Puts words of 32 bits at `ptr`. */
  writeWords(ptr: number, ...words: number[]): void {
    const view = new DataView(this.exports.memory.buffer);
    words.forEach((word, index) => {
      view.setUint32((ptr >>> 0) + 4 * index, word, true);
    });
  }

  /** AssemblyScript's string at `ptr`: its byte length is the word in front of it. */
  string(ptr: number): string {
    const byteLength = new DataView(this.exports.memory.buffer).getUint32((ptr >>> 0) - 4, true);
    return fromUtf16(this.copy(ptr, byteLength));
  }

  /** The guest's own room for `bytes`, with them in it. @returns its address */
  lower(bytes: Uint8Array, alignment: number): number {
    const { cabi_realloc: allocate } = this.exports;
    if (!allocate) throw new Error("the spec has no allocator: nothing in its module takes strings or lists");
    const ptr = allocate(0, 0, alignment, bytes.length);
    this.write(ptr, bytes);
    return ptr;
  }
}

/** Bytes of UTF-16, little-endian, as text. */
function fromUtf16(bytes: Uint8Array): string {
  return new TextDecoder("utf-16le").decode(bytes);
}

/** Text as such bytes. */
export function toUtf16(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "utf16le"));
}

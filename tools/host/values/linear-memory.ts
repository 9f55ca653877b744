/** Whatever holds a guest's bytes; `WebAssembly.Memory` is one. */
export interface MemorySource {
  readonly buffer: ArrayBufferLike;
}

/**
 * A guest's linear memory, seen through views that survive its growth. Addresses and lengths are in bytes.
 */
export class LinearMemory {
  private buffer: ArrayBufferLike;
  private dataView: DataView;
  private byteView: Uint8Array;

  constructor(private readonly source: MemorySource) {
    this.buffer = source.buffer;
    this.dataView = new DataView(this.buffer);
    this.byteView = new Uint8Array(this.buffer);
  }

  /** A view of the whole memory as it is now. */
  get view(): DataView {
    this.refresh();
    return this.dataView;
  }

  /** The whole memory as it is now. */
  get bytes(): Uint8Array {
    this.refresh();
    return this.byteView;
  }

  /** Bytes of the memory as it is now. */
  get byteLength(): number {
    return this.source.buffer.byteLength;
  }

  private refresh(): void {
    if (this.source.buffer === this.buffer) return;
    this.buffer = this.source.buffer;
    this.dataView = new DataView(this.buffer);
    this.byteView = new Uint8Array(this.buffer);
  }
}

/**
 * The guest's memory as the model reaches it: its bytes, its allocator, and what
 * it keeps in either memory or globals.
 */
import type { ComponentInstance } from "../../host/tasks/component-instance.js";
import type { ArenaShadow } from "../shadow/arena-shadow.js";
import type { Run } from "./run.js";

/** The guest's `cabi_realloc`. */
export type GuestRealloc = (...args: [number, number, number, number]) => number;

/** What of an instance the model needs, once there is one. */
export interface GuestStorage {
  readonly bytes: Uint8Array;
  /** End of static data, in bytes. */
  readonly dataEnd: number;
  readonly globals: readonly WebAssembly.Global[];
  /** The guest's allocator; null when it exports none. */
  readonly realloc: GuestRealloc | null;
}

const WORD_BYTES = 4;
/** Offset of the byte that handles of a sort have in common. */
const UPPER_BYTE = 3;

const NOWHERE: GuestStorage = { bytes: new Uint8Array(0), dataEnd: 0, globals: [], realloc: null };

/** Memory of one instance. */
export class GuestMemory {
  private storage: GuestStorage = NOWHERE;
  private blocks: number[] = [];

  constructor(
    private readonly run: Run,
    private readonly instance: ComponentInstance,
    private readonly arena: ArenaShadow,
  ) {}

  /** There is an instance now. */
  attach(storage: GuestStorage): void {
    this.storage = storage;
  }

  /** All bytes of the memory. */
  get bytes(): Uint8Array {
    return this.storage.bytes;
  }

  /** Forgets what was lowered. */
  reset(): void {
    this.blocks = [];
  }

  /**
   * Asks the guest's allocator, as a host does when it lowers.
   * @param what is lowered
   * @returns the block's address
   */
  allocate(
    what: string,
    oldPtr: number,
    oldByteLength: number,
    alignment: number,
    byteLength: number,
  ): number {
    const { run, arena } = this;
    const { realloc } = this.storage;
    if (!realloc)
      throw run.broken("illegal-call", `${what}: the guest exports no cabi_realloc to lower it with`);
    if (oldByteLength > 0) arena.resized(oldPtr, oldByteLength);
    const ptr =
      this.instance.withoutLeaving(() => realloc(oldPtr, oldByteLength, alignment, byteLength)) >>> 0;
    if (ptr % alignment !== 0)
      throw run.broken("misaligned", `cabi_realloc answers ${ptr}, not a multiple of ${alignment}`);
    arena.requireBlock(ptr, byteLength, run.site());
    if (oldByteLength > 0) this.blocks.pop();
    this.blocks.push(ptr);
    return ptr;
  }

  /** The blocks that are lowered while `body` runs. */
  gather(body: () => void): readonly number[] {
    const before = this.blocks;
    const blocks: number[] = (this.blocks = []);
    body();
    this.blocks = before;
    before.push(...blocks);
    return blocks;
  }

  /** Which numbers of `[from, to)` stand anywhere in static memory, aligned or not, or in a global. */
  holds(from: number, to: number): ReadonlySet<number> {
    const found = new Set<number>();
    const { bytes, dataEnd } = this.storage;
    const view = new DataView(bytes.buffer, 0, dataEnd);
    const [least, most] = [upperByte(from), upperByte(to)];
    for (let ptr = 0; ptr + WORD_BYTES <= dataEnd; ptr++) {
      const upper = bytes[ptr + UPPER_BYTE]!;
      if (upper < least || upper > most) continue;
      const word = view.getUint32(ptr, true);
      if (word >= from && word < to) found.add(word);
    }
    for (const { value } of this.storage.globals as { value: unknown }[])
      if (typeof value === "number" && value >= from && value < to) found.add(value);
    return found;
  }
}

function upperByte(word: number): number {
  return word >>> (8 * UPPER_BYTE);
}

/**
 * A guest's memory on a board, or in another program, as values are lifted from it and lowered into it here.
 * What is needed of it is asked for over the line, range by range: lifting begins again each time a range has
 * come.
 */
import type { StringEncoding } from "../../wit/string-encoding.js";
import { codecOf } from "../../host/values/codec.js";
import { LiftLowerContext } from "../../host/values/lift-lower-context.js";
import { LinearMemory } from "../../host/values/linear-memory.js";
import type { Value } from "../../host/values/value.js";
import { alignTo, elemSize } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";

/** What a board does for the computer while a call waits: firmware/remote.h. */
export interface BoardMemory {
  read(ptr: number, byteLength: number): Promise<Uint8Array>;
  write(ptr: number, bytes: Uint8Array): Promise<void>;
  /** Runs the guest's `cabi_realloc`. */
  allocate(alignment: number, byteLength: number): Promise<number>;
}

/** Bytes that items take at most of guests that are fed theirs as they are. */
const LEAST_ROOM = 256;

/** Of any value. */
const MOST_ALIGNMENT = 8;

interface Range {
  readonly ptr: number;
  readonly byteLength: number;
}

/** Something is not here yet: `fetch` gets it. */
class Wanted extends Error {
  constructor(readonly fetch: () => Promise<void>) {
    super("wanted from the board");
  }
}

/** Lifts and lowers with the memory of one guest. */
export class RemoteMemory {
  /** The guest's memory, and behind it an item, which is not in it. */
  private readonly buffer: ArrayBuffer;
  private readonly itemAt: number;

  /**
   * @param byteLength of the guest's linear memory
   * @param elements types of items; null for none
   */
  constructor(
    private readonly byteLength: number,
    private readonly encoding: StringEncoding,
    elements: readonly (ValueType | null)[],
  ) {
    const sizes = elements.map((element) => (element === null ? 0 : elemSize(element)));
    this.itemAt = alignTo(byteLength, MOST_ALIGNMENT);
    this.buffer = new ArrayBuffer(this.itemAt + Math.max(LEAST_ROOM, ...sizes));
  }

  /** The item whose bytes the guest has handed over; strings and lists in it are in its memory. */
  liftItem(board: BoardMemory, type: ValueType, bytes: Uint8Array): Promise<Value> {
    new Uint8Array(this.buffer).set(bytes.subarray(0, elemSize(type)), this.itemAt);
    return this.lift(board, (cx) => codecOf(type).load(cx, this.itemAt));
  }

  /** The bytes of an item that the guest is to be given; strings and lists in it are in its memory then. */
  async lowerItem(board: BoardMemory, type: ValueType, value: Value): Promise<Uint8Array> {
    const item = new Uint8Array(this.buffer, this.itemAt, elemSize(type));
    item.fill(0);
    await this.lower(board, (cx) => {
      codecOf(type).store(cx, this.itemAt, value);
    });
    return item;
  }

  /** What `body` lifts. Traps: as values are lifted */
  async lift<R>(board: BoardMemory, body: (cx: LiftLowerContext) => R): Promise<R> {
    const here: Range[] = [];
    const cx = this.context((range) => {
      if (here.some((known) => covers(known, range))) return;
      throw new Wanted(async () => {
        await this.fetch(board, range);
        here.push(range);
      });
    });
    return untilThere(() => body(cx));
  }

  /** Lowers, and writes what was lowered. @returns what `body` answers. Traps: as values are lowered */
  async lower<R>(board: BoardMemory, body: (cx: LiftLowerContext) => R): Promise<R> {
    const blocks: number[] = [];
    let next = 0;
    let written: Range[] = [];
    const allocate = (alignment: number, byteLength: number): number => {
      const ptr = blocks[next++];
      if (ptr !== undefined) return ptr;
      throw new Wanted(async () => {
        blocks.push(await board.allocate(alignment, byteLength));
      });
    };
    const cx = this.context((range) => written.push(range), allocate);
    const result = await untilThere(() => {
      next = 0;
      written = [];
      return body(cx);
    });
    for (const { ptr, byteLength } of written)
      if (byteLength > 0) await board.write(ptr, new Uint8Array(this.buffer, ptr, byteLength));
    return result;
  }

  private context(
    checked: (range: Range) => void,
    allocate: ((alignment: number, byteLength: number) => number) | null = null,
  ): LiftLowerContext {
    const memory = new GuestMemory({ buffer: this.buffer }, this.byteLength);
    return new RemoteContext({ encoding: this.encoding, memory, realloc: null }, checked, allocate);
  }

  private async fetch(board: BoardMemory, { ptr, byteLength }: Range): Promise<void> {
    new Uint8Array(this.buffer).set(await board.read(ptr, byteLength), ptr);
  }
}

/** As long as the guest's memory, whatever lies behind it. */
class GuestMemory extends LinearMemory {
  constructor(
    source: { readonly buffer: ArrayBuffer },
    private readonly guestBytes: number,
  ) {
    super(source);
  }

  override get byteLength(): number {
    return this.guestBytes;
  }
}

/** Tells of every range that a value lies in, and has the board's guest allot. */
class RemoteContext extends LiftLowerContext {
  constructor(
    options: LiftLowerContext["options"],
    private readonly checked: (range: Range) => void,
    private readonly allot: ((alignment: number, byteLength: number) => number) | null,
  ) {
    super(options);
  }

  override checkRange(ptr: number, byteLength: number, alignment: number, what: string): void {
    super.checkRange(ptr, byteLength, alignment, what);
    if (byteLength > 0) this.checked({ ptr, byteLength });
  }

  override allocate(alignment: number, byteLength: number): number {
    if (this.allot === null) return super.allocate(alignment, byteLength);
    const ptr = this.allot(alignment, byteLength);
    this.checkRange(ptr, byteLength, alignment, "cabi_realloc's result");
    return ptr;
  }
}

function covers(known: Range, { ptr, byteLength }: Range): boolean {
  return known.ptr <= ptr && ptr + byteLength <= known.ptr + known.byteLength;
}

async function untilThere<R>(body: () => R): Promise<R> {
  for (;;) {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof Wanted)) throw error;
      await error.fetch();
    }
  }
}

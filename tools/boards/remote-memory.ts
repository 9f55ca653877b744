/**
 * A guest's memory on a board, as values are lifted from it and lowered into it here. What is needed of it is
 * asked for over the serial line, range by range: lifting begins again each time a range has come.
 */
import type { StringEncoding } from "../wit/string-encoding.js";
import { LiftLowerContext } from "../host/values/lift-lower-context.js";
import { LinearMemory } from "../host/values/linear-memory.js";

/** What a board does for the computer while a call waits: firmware/remote.h. */
export interface BoardMemory {
  read(ptr: number, byteLength: number): Promise<Uint8Array>;
  write(ptr: number, bytes: Uint8Array): Promise<void>;
  /** Runs the guest's `cabi_realloc`. */
  allocate(alignment: number, byteLength: number): Promise<number>;
}

/** Bytes of one order to read at most: their number is a byte. */
const MOST_READ = 255;

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
  private readonly buffer: ArrayBuffer;

  /** @param byteLength of the guest's linear memory */
  constructor(
    byteLength: number,
    private readonly encoding: StringEncoding,
  ) {
    this.buffer = new ArrayBuffer(byteLength);
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
    const memory = new LinearMemory({ buffer: this.buffer });
    return new RemoteContext({ encoding: this.encoding, memory, realloc: null }, checked, allocate);
  }

  private async fetch(board: BoardMemory, { ptr, byteLength }: Range): Promise<void> {
    for (let at = 0; at < byteLength; at += MOST_READ) {
      const bytes = await board.read(ptr + at, Math.min(MOST_READ, byteLength - at));
      new Uint8Array(this.buffer).set(bytes, ptr + at);
    }
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

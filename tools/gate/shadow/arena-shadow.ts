/** The arena's blocks as the library announces them, and what may not happen to them. */
import { Found } from "../found.js";
import { ByteState, PART_MASK, Part } from "./byte-state.js";
import { type ShadowMemory, range } from "./shadow-memory.js";

/** Bytes of the word in front of a block. */
const BLOCK_HEADER_BYTES = 4;
/** What memory that was given back is filled with: states that differ in rubbish alone become one. */
const RUBBISH = 0xdb;

/** Judges announcements about arena memory. */
export class ArenaShadow {
  #seen = false;

  constructor(readonly shadow: ShadowMemory) {}

  /** Forgets that there is an arena. */
  reset(): void {
    this.#seen = false;
  }

  /** A block was handed out: its header, then its bytes. */
  taken(ptr: number, byteLength: number, site: number): void {
    this.#seen = true;
    const { shadow } = this;
    shadow.inside(ptr, byteLength, "an arena block lies in", site);
    for (let i = ptr; i < ptr + byteLength; i++) {
      if (shadow.state[i] === ByteState.ARENA_LIVE)
        throw new Found("static-overlap", `two arena blocks share ${range(ptr, byteLength)}`, site);
      if (shadow.owner[i] !== 0 || shadow.lender[i] !== 0)
        throw new Found(
          "static-overlap",
          `an arena block and an operation or a lent buffer share ${range(ptr, byteLength)}`,
          site,
        );
    }
    shadow.mark(ptr, byteLength, ByteState.ARENA_LIVE);
    shadow.owner.fill(Part.BLOCK_HEADER, ptr, ptr + Math.min(BLOCK_HEADER_BYTES, byteLength));
  }

  /** A range was given back, with all blocks in it. */
  givenBack(ptr: number, byteLength: number, memory: Uint8Array, site: number): void {
    const { shadow } = this;
    shadow.inside(ptr, byteLength, "the arena takes back", site);
    for (let i = ptr; i < ptr + byteLength; i++) {
      if (shadow.lender[i] !== 0 || shadow.pins[i]! > 0)
        throw new Found(
          "arena-after-reset",
          `the arena takes ${range(ptr, byteLength)} back, and a copy or call in flight still needs byte ${String(i)}`,
          site,
        );
      const owner = shadow.owner[i]! & PART_MASK;
      if (owner === Part.HEADER || owner === Part.SLOT)
        throw new Found(
          "static-overlap",
          `the arena takes an operation back with ${range(ptr, byteLength)}`,
          site,
        );
    }
    shadow.owner.fill(0, ptr, ptr + byteLength);
    shadow.mark(ptr, byteLength, ByteState.ARENA_FREE);
    memory.fill(RUBBISH, ptr, ptr + byteLength);
  }

  /** The host is about to change the length of the block that it took last. */
  resized(ptr: number, byteLength: number): void {
    if (!this.#seen) return;
    const { shadow } = this;
    shadow.owner.fill(0, ptr - BLOCK_HEADER_BYTES, ptr);
    shadow.mark(ptr - BLOCK_HEADER_BYTES, byteLength + BLOCK_HEADER_BYTES, ByteState.ARENA_FREE);
  }

  /** What `cabi_realloc` answered is a live block with so much room, or at least memory that the host may write. */
  requireBlock(ptr: number, byteLength: number, site: number): void {
    const { shadow } = this;
    shadow.hostWrites(ptr, byteLength, "a string or list", site);
    if (!this.#seen) return;
    for (let i = ptr; i < ptr + byteLength; i++)
      if (shadow.state[i] !== ByteState.ARENA_LIVE)
        throw new Found(
          "outside-element",
          `cabi_realloc answers ${range(ptr, byteLength)}, which is not all in one block`,
          site,
        );
  }
}

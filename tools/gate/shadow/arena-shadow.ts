/** The arena's blocks as the library announces them, and what may not happen to them. */
import { Found } from "../found.js";
import { ByteState, PART_MASK, Part } from "./byte-state.js";
import { RUBBISH } from "./rubbish.js";
import { type ShadowMemory, range } from "./shadow-memory.js";

/** Bytes of the word in front of a block. */
const BLOCK_HEADER_BYTES = 4;

/**
 * What lay in a region is left unused when that, taken so many times, fits; what lay in the rest of one, with
 * what is unused right in front of it: a loop of scopes leaves room for what comes behind it.
 */
const QUARANTINE_SHARE = { region: 2, rest: 3 };

/** One region, in addresses and bytes. */
interface Region {
  readonly start: number;
  readonly end: number;
  /** How far blocks reach since the region was given back. */
  used: number;
  /** How far they reached before. */
  before: number;
  turn: number;
}

/** Judges announcements about arena memory. */
export class ArenaShadow {
  /** Whether what was given back may be left unused. */
  sparing = true;
  private seen = false;
  private regions: Region[] = [];
  private current: Region | null = null;
  /** What was left unused last of the rest of a region. */
  private unused = { start: 0, end: 0 };
  private readonly kept = new Map<string, readonly number[]>();

  constructor(readonly shadow: ShadowMemory) {}

  /** Forgets that there is an arena. */
  reset(): void {
    this.sparing = true;
    this.seen = false;
    this.regions = [];
    this.current = null;
    this.unused = { start: 0, end: 0 };
    this.kept.clear();
  }

  /** A block was handed out: its header, then its bytes. */
  taken(ptr: number, byteLength: number, site: number): void {
    this.seen = true;
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
    for (const region of this.regions) {
      const { start, end } = region;
      if (ptr >= end || ptr + byteLength <= start) continue;
      if (ptr < start || ptr + byteLength > end)
        throw new Found(
          "static-overlap",
          `an arena block, ${range(ptr, byteLength)}, reaches out of its region, ${range(start, end - start)}`,
          site,
        );
      region.used = Math.max(region.used, ptr + byteLength - start);
    }
    shadow.mark(ptr, byteLength, ByteState.ARENA_LIVE);
    shadow.forget(ptr, byteLength);
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
          `the arena takes ${range(ptr, byteLength)} back, and a copy or call in flight still needs byte ${i}`,
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

  /** The rest of the current region was given back. @returns as `region`, but each time */
  rest(ptr: number, byteLength: number, memory: Uint8Array, site: number): number {
    const used = this.shadow.state.subarray(ptr, ptr + byteLength).lastIndexOf(ByteState.ARENA_LIVE) + 1;
    this.givenBack(ptr, byteLength, memory, site);
    const start = this.unused.end === ptr ? this.unused.start : ptr;
    const end = ptr + used;
    if (!this.spares(QUARANTINE_SHARE.rest * (end - start), ptr + byteLength - start)) return 0;
    this.unused = { start, end };
    return used;
  }

  private spares(needed: number, room: number): boolean {
    const spares = this.sparing && needed <= room;
    this.shadow.leavesUnused ||= spares;
    return spares;
  }

  /**
   * A whole region was given back and is the current one.
   * @returns how many bytes to leave unused in it, so that what lay there before is not covered
   *   by what comes now: an old pointer then leads into memory that nobody holds. Every second
   *   time, and where there is room; else 0
   */
  region(start: number, byteLength: number, memory: Uint8Array, site: number): number {
    const end = start + byteLength;
    for (const other of this.regions)
      if ((other.start !== start || other.end !== end) && start < other.end && end > other.start)
        throw new Found(
          "static-overlap",
          `two regions of the arena overlap: ${range(start, byteLength)} and ${range(other.start, other.end - other.start)}`,
          site,
        );
    let region = this.regions.find((known) => known.start === start);
    if (!region) {
      const used = this.shadow.state.subarray(start, end).lastIndexOf(ByteState.ARENA_LIVE) + 1;
      this.regions.push((region = { start, end, used, before: 0, turn: 0 }));
    }
    this.givenBack(start, byteLength, memory, site);
    region.before = region.used;
    region.used = 0;
    region.turn ^= 1;
    this.current = region;
    this.unused = { start: 0, end: 0 };
    const { before } = region;
    return region.turn === 1 && this.spares(QUARANTINE_SHARE.region * before, byteLength) ? before : 0;
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    for (const region of this.regions) {
      take(region.start ^ (region.turn << 31));
      take(region.used);
      take(region.before);
    }
    take(this.current?.start ?? 0);
    take(Number(this.sparing));
    take(this.unused.start);
    take(this.unused.end);
    for (const blocks of this.kept.values()) {
      take(blocks.length);
      blocks.forEach(take);
    }
  }

  /** The host is about to change the length of the block that it took last. */
  resized(ptr: number, byteLength: number): void {
    if (!this.seen) return;
    const { shadow } = this;
    shadow.owner.fill(0, ptr - BLOCK_HEADER_BYTES, ptr);
    shadow.mark(ptr - BLOCK_HEADER_BYTES, byteLength + BLOCK_HEADER_BYTES, ByteState.ARENA_FREE);
  }

  /** Refuses that a block is still held when nothing needs it. @param block its address */
  requireGivenBack(block: number, when: string, site: number): void {
    if (this.shadow.owner[block - 1] === Part.BLOCK_HEADER)
      throw new Found("released-never", `the block at ${block} is still held ${when}`, site);
  }

  /** The library keeps these blocks for the call of `name`: what it answered, until the next call. */
  keepForCall(name: string, blocks: readonly number[]): void {
    this.kept.set(name, blocks);
  }

  /** All blocks that are kept for calls. */
  keptByCalls(): number[] {
    return [...this.kept.values()].flat();
  }

  /** Whether two blocks lie in one region, which is given back as a whole. */
  inSameRegion(a: number, b: number): boolean {
    return this.regions.some(({ start, end }) => start <= a && a < end && start <= b && b < end);
  }

  /**
   * What `cabi_realloc` answered is a live block with so much room, or at least
   * memory that the host may write.
   */
  requireBlock(ptr: number, byteLength: number, site: number): void {
    const { shadow } = this;
    shadow.hostWrites(ptr, byteLength, "a string or list", site);
    if (!this.seen) return;
    for (let i = ptr; i < ptr + byteLength; i++)
      if (shadow.state[i] !== ByteState.ARENA_LIVE)
        throw new Found(
          "outside-element",
          `cabi_realloc answers ${range(ptr, byteLength)}, which is not all in one block`,
          site,
        );
  }
}

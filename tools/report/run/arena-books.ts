/**
 * Keeps the books of the guest library's arena while a guest runs: how full each region is, and was at most.
 */

/** One region of the arena. */
export interface RegionBook {
  /** Bytes from the task's region to this one. */
  readonly position: number;
  /** Bytes in use. */
  fill: number;
  /** The most that were in use. */
  highWater: number;
}

/**
 * Told of what the arena has come to. `grown` is by how many bytes the current region grew, and `at` the byte
 * of the file whose instruction moved its top.
 */
export type ArenaListener = (inUse: number, grown: number, at: number) => void;

/**
 * Follows the two globals of assembly/arena.ts. A new region is chosen by setting both, one
 * right after the other and in an order that the optimiser picks, so what they say is taken in
 * at the next event that is none of theirs.
 */
export class ArenaBooks {
  /** The regions that were used, by position. */
  readonly regions = new Map<number, RegionBook>();
  private top = 0;
  private current = 0;
  private topMovedAt: number | null = null;
  private currentMoved = false;

  constructor(private readonly listener: ArenaListener) {}

  /** The next free byte is now at `value`; the instruction at byte `at` of the file says so. */
  moveTop(value: number, at: number): void {
    if (this.topMovedAt !== null) this.settle();
    this.top = value;
    this.topMovedAt = at;
  }

  /** The region at `value` is now the current one. */
  moveCurrent(value: number): void {
    if (this.currentMoved) this.settle();
    this.current = value;
    this.currentMoved = true;
  }

  /** Takes in what the globals say. */
  settle(): void {
    if (this.topMovedAt === null && !this.currentMoved) return;
    const at = this.topMovedAt ?? -1;
    const switched = this.currentMoved;
    this.topMovedAt = null;
    this.currentMoved = false;
    const fill = this.top - this.current;
    if (fill < 0) return;
    const book = this.regions.get(this.current) ?? { position: this.current, fill: 0, highWater: 0 };
    const grown = switched ? 0 : Math.max(0, fill - book.fill);
    book.fill = fill;
    book.highWater = Math.max(book.highWater, fill);
    this.regions.set(this.current, book);
    this.listener(this.inUse, grown, at);
  }

  private get inUse(): number {
    return [...this.regions.values()].reduce((sum, { fill }) => sum + fill, 0);
  }
}

/** One end of a stream or future in the guest's handle table, with the other end played by the model. */
import type { CopyEnd } from "../../host/copies/copy-end.js";
import type { Codec } from "../../host/values/codec.js";
import type { ValueType } from "../../wit/model.js";
import { settledOutcomes } from "./outcomes.js";

/** The element type, as far as copies go. */
export interface Element {
  readonly type: ValueType | null;
  readonly elemSize: number;
  readonly alignment: number;
  /** Canonical bytes of item 0, 1, ..., in a circle; none when `codec` is there. */
  readonly samples: readonly Uint8Array[];
  /** Lifts and lowers items that hold pointers or handles; null for items that are bytes alone. */
  readonly codec: Codec | null;
  /**
   * Whether the guest can see that an item has moved before it is told: what an item that is read points to
   * lies in its memory, handles in one that is written have left its table.
   */
  readonly landingShows: Readonly<Record<Direction, boolean>>;
  /** Whether items hold ends of streams or futures. */
  readonly holdsEnds: boolean;
}

/** Which copies an end makes. */
export type Direction = "read" | "write";

/** Where an end's peer is. */
export type Peer =
  /** The model plays it. */
  | "host"
  /** In the guest's own table: it has not been passed on. */
  | "guest"
  /** The guest dropped it. */
  | "gone";

/** State of one end. Counts are of items. */
export class End {
  /** A future's writer whose value was taken, or refused. */
  resolved = false;
  /** Address of the buffer of the copy in flight. */
  ptr = 0;
  /** Elements of the copy in flight. */
  length = 0;
  /** Items of the copy in flight that have moved already, which the guest is to be told with the event. */
  landed = 0;
  /** What the event of the copy in flight will say, once that is certain: its code. */
  final: number | null = null;
  /** Handle of the waitable set that it is in; 0 for none. */
  setHandle = 0;
  /** Whether the guest dropped the other end. */
  otherDropped = false;
  /** The other end, when the guest holds it. */
  other: End | null = null;
  /** The guest was told, while no copy was in flight, that the other end is gone. */
  told = false;
  /** Items that the model will still give or take. */
  budget: number;
  /** Items moved. */
  moved = 0;
  /** Copies begun. */
  copies = 0;
  /** The copy that settled last: where, and how many items. */
  lastPtr = 0;
  /** Elements that the last copy moved. */
  lastProgress = 0;
  /** Arena blocks of the items that arrived with the last copy. */
  blocks: readonly number[] = [];
  /** Arena blocks of the items that have landed with the copy in flight. */
  landing: readonly number[] = [];
  /**
   * What the items of the copy in flight point to, when the host is to read them: address and byte length.
   */
  reached: readonly (readonly [number, number])[] = [];

  constructor(
    readonly handle: number,
    readonly hosted: CopyEnd,
    readonly copyKind: "stream" | "future",
    readonly direction: Direction,
    readonly element: Element,
    /** The parameter or result it belongs to, for traces. */
    readonly what: string,
    budget: number,
    /** Number of the first sample, so that two streams bring different items. */
    readonly salt: number,
  ) {
    this.budget = budget;
  }

  /** A copy is in flight. */
  get copying(): boolean {
    return this.hosted.copying;
  }

  /** The end's last result said DROPPED, or its future completed: nothing but drop is allowed. */
  get done(): boolean {
    return this.hosted.state === "done";
  }

  /** What is at the other end. */
  get peer(): Peer {
    if (this.other) return "guest";
    return this.told || this.otherDropped ? "gone" : "host";
  }

  /** How many events of a copy in flight can come next. */
  eventCount(): number {
    return this.copying ? settledOutcomes(this).length : 0;
  }

  /** Whether the event of the copy in flight is there, whoever asks. */
  get hasEvent(): boolean {
    return this.copying && (this.landed > 0 || this.final !== null || this.otherDropped);
  }

  /**
   * Whether the host may say, although no copy is in flight, that the other end is gone. The reference
   * definition never does; Wasmtime does, once.
   */
  get mayBeTold(): boolean {
    // A future is never dropped unwritten.
    const last = this.copyKind === "future" && this.direction === "read";
    return !this.copying && !this.done && !this.told && this.peer === "host" && !last;
  }

  /**
   * Whether another item of the copy in flight may move now so that the guest could see it before it is told.
   */
  get mayLand(): boolean {
    return (
      this.element.landingShows[this.direction] &&
      this.copying &&
      this.peer === "host" &&
      this.landed < Math.min(this.length, this.budget)
    );
  }

  /**
   * It was taken out of the table: given away, unless `dropped` was called before. Its
   * writable end is read by the host from now on.
   */
  gone(): void {
    if (this.other) this.other.other = null;
    this.other = null;
  }

  /** The guest drops it. */
  dropped(): void {
    if (this.other) this.other.otherDropped = true;
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.handle);
    const { peer } = this;
    take(
      (this.copying ? 1 : 0) |
        (this.done ? 2 : 0) |
        (this.resolved ? 4 : 0) |
        (peer === "host" ? 8 : peer === "gone" ? 16 : 0) |
        (this.told ? 32 : 0),
    );
    take(this.ptr);
    take(this.length);
    take((this.landed << 3) | (this.final ?? 7));
    take(this.setHandle);
    take(this.budget);
    take(this.moved);
    take(this.copies);
    take(this.lastPtr);
    take(this.lastProgress);
  }
}

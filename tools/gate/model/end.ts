/** One end of a stream or future in the guest's handle table, with the other end played by the model. */
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
  /** Which end it is. */
  kind = "end" as const;
  /** A copy is in flight. */
  copying = false;
  /** The end's last result said DROPPED, or its future completed: nothing but drop is allowed. */
  done = false;
  /** A future's writer whose value was taken, or refused. */
  resolved = false;
  /** Address of the buffer of the copy in flight. */
  ptr = 0;
  /** Elements of the copy in flight. */
  length = 0;
  /** Waitable set that it is in; 0 for none. */
  set = 0;
  /** What is at the other end. */
  peer: Peer = "host";
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
  /** What the items of the copy in flight point to, when the host is to read them: address and byte length. */
  reached: readonly (readonly [number, number])[] = [];

  constructor(
    readonly handle: number,
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

  /** How many events of a copy in flight can come next. */
  eventCount(): number {
    return this.copying ? settledOutcomes(this).length : 0;
  }

  /**
   * Whether the host may say, although no copy is in flight, that the other end is gone. The reference definition never does; Wasmtime
   * does, once.
   */
  get mayBeTold(): boolean {
    const last = this.copyKind === "future" && this.direction === "read"; // a future is never dropped unwritten
    return !this.copying && !this.done && !this.told && this.peer === "host" && !last;
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.handle);
    take(
      (this.copying ? 1 : 0) |
        (this.done ? 2 : 0) |
        (this.resolved ? 4 : 0) |
        (this.peer === "host" ? 8 : this.peer === "gone" ? 16 : 0) |
        (this.told ? 32 : 0),
    );
    take(this.ptr);
    take(this.length);
    take(this.set);
    take(this.budget);
    take(this.moved);
    take(this.copies);
    take(this.lastPtr);
    take(this.lastProgress);
  }
}

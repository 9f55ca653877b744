/**
 * The places of static tables, for resources and for ends: who has them, and what may
 * not happen to one that was given back.
 */
import { END_OFFSET, OPERATION_BYTES } from "../../source/library-layout.js";
import { Found } from "../found.js";
import { ByteState } from "./byte-state.js";
import { type ShadowMemory, range } from "./shadow-memory.js";

const WORD = 4;
/**
 * Offset of an operation's first word that says where items with pointers land:
 * 0 of one that is in no list of theirs.
 */
const HOME_OFFSET = 12;

/** One table. Its places begin at `first`; the first word of each says whether it is taken. */
interface Table {
  readonly first: number;
  readonly stride: number;
  readonly count: number;
  /** The place that was given back last, 0 for none: it is not taken again as long as there is another. */
  rests: number;
}

/**
 * Judges announcements about places. A place that was given back last rests when another is free, so that
 * what still points there leads to nobody's memory instead of the next one's.
 */
export class Places {
  private tables: Table[] = [];

  constructor(readonly shadow: ShadowMemory) {}

  /** Forgets every table. */
  reset(): void {
    this.tables = [];
  }

  /** The library looks for a place for a resource's state. @returns whether to pass this one over */
  placeBusy(place: number, busy: boolean, table: Omit<Table, "rests">, memory: DataView): boolean {
    const known = this.find(place) ?? this.begin(table, memory);
    if (busy || this.resting(known, place, memory)) return true;
    this.shadow.mark(place + WORD, known.stride - WORD, ByteState.DATA);
    return false;
  }

  /** A resource's state is given back. */
  placeReleased(place: number, site: number): void {
    const table = this.find(place);
    if (!table) return;
    const at = place + WORD;
    if (this.shadow.state[at] === ByteState.PLACE_FREE)
      throw new Found(
        "place-after-release",
        `the place ${range(place, table.stride)} is given back, and nobody has it`,
        site,
      );
    this.shadow.mark(at, table.stride - WORD, ByteState.PLACE_FREE);
    table.rests = place;
  }

  /** The library looks for a place for an end. @returns whether to pass this one over */
  endBusy(place: number, busy: boolean, table: Omit<Table, "rests">, memory: DataView): boolean {
    let known = this.find(place);
    if (!known) this.tables.push((known = { ...table, rests: 0 }));
    if (busy) return true;
    const rests = this.resting(known, place, memory);
    // Calls on an end that was dropped are allowed until its place is another's: that is now.
    if (rests && memory.getUint32(place + HOME_OFFSET, true) !== 0) return true;
    const state = rests ? ByteState.PLACE_FREE : ByteState.DATA;
    this.shadow.mark(place - END_OFFSET, END_OFFSET, state);
    this.shadow.mark(place + WORD, OPERATION_BYTES - WORD, state);
    return rests;
  }

  /** An end was dropped. */
  endClosed(place: number): void {
    const table = this.find(place);
    if (table) table.rests = place;
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    for (const { first, rests } of this.tables) {
      take(first);
      take(rests);
    }
  }

  private find(place: number): Table | undefined {
    return this.tables.find(({ first, stride, count }) => first <= place && place < first + stride * count);
  }

  /** Before its first place is taken, nobody has what is behind the first words of a table. */
  private begin(table: Omit<Table, "rests">, memory: DataView): Table {
    const known = { ...table, rests: 0 };
    this.tables.push(known);
    for (const place of placesOf(known))
      if (memory.getUint32(place, true) === 0)
        this.shadow.mark(place + WORD, known.stride - WORD, ByteState.PLACE_FREE);
    return known;
  }

  private resting(table: Table, place: number, memory: DataView): boolean {
    if (table.rests !== place) return false;
    return placesOf(table).some((other) => other !== place && memory.getUint32(other, true) === 0);
  }
}

function placesOf({ first, stride, count }: Table): number[] {
  return Array.from({ length: count }, (_, index) => first + index * stride);
}

/**
 * The guest's handle table: handles are never used again, so that an old one is always told from a new one.
 */
import { type EntryClass, HandleTable } from "../../host/tasks/handle-table.js";
import { ResourceHandle } from "../../host/tasks/resource.js";
import { WaitableSet } from "../../host/tasks/waitable-set.js";
import { Trap } from "../../host/values/trap.js";
import type { End } from "./end.js";
import { ResourceEntry, SetEntry } from "./entries.js";
import type { Run } from "./run.js";
import type { SubtaskEntry } from "./subtask-entry.js";

/** What a handle stands for. */
export type Entry = End | SubtaskEntry | SetEntry | ResourceEntry;

/** Bits of a handle below those that say what sort of thing it is of. */
const INDEX_BITS = 24;
const INDEX_MASK = (1 << INDEX_BITS) - 1;
/** Sorts that have numbers of their own: a word of the guest's memory with such a number is such a handle. */
const Sort = { WAITABLE: 0, SET: 5, RESOURCE: 6 } as const;
/** Handles that calls before the last may use without an influence on its handles' numbers. */
const HANDLES_OF_A_CALL = 64;

/** The table, as the host's own code sees it and as the model does. */
export class ModelTable extends HandleTable {
  private readonly sorts = new Map<number, (Entry | null)[]>();

  /** @param adopt makes the entry of what the host's code puts in by itself */
  constructor(
    private readonly run: Run,
    private readonly adopt: (hosted: object, handle: number) => Entry,
  ) {
    super();
    this.reset();
  }

  /** Forgets everything. */
  reset(): void {
    for (const sort of Object.values(Sort)) this.sorts.set(sort, [null]);
  }

  /**
   * Another call begins: its handles have the same numbers whatever came before,
   * and none that was there before.
   */
  beginCall(call: number): void {
    for (const rows of this.sorts.values()) while (rows.length < call * HANDLES_OF_A_CALL) rows.push(null);
  }

  /** What `handle` stands for, or null. */
  at(handle: number): Entry | null {
    return this.rowsOf(handle)?.[handle & INDEX_MASK] ?? null;
  }

  private rowsOf(handle: number): (Entry | null)[] | undefined {
    return this.sorts.get(handle >>> INDEX_BITS);
  }

  /** Whether the guest was ever given `handle`. */
  wasGiven(handle: number): boolean {
    const index = handle & INDEX_MASK;
    return index > 0 && index < (this.rowsOf(handle)?.length ?? 0);
  }

  /** All entries that are there. */
  all(): Entry[] {
    return [...this.sorts.values()].flatMap((rows) => rows.filter((entry) => entry !== null));
  }

  /** Ends and subtasks that are there. */
  waitables(): (End | SubtaskEntry)[] {
    return this.sorts.get(Sort.WAITABLE)!.filter((entry) => entry !== null) as (End | SubtaskEntry)[];
  }

  /** Handles of a sort that were given so far: from the first to before the last. */
  given(sort: "set" | "resource"): readonly [from: number, to: number] {
    const number = sort === "set" ? Sort.SET : Sort.RESOURCE;
    return [number << INDEX_BITS, (number << INDEX_BITS) + this.sorts.get(number)!.length];
  }

  /** Puts in what is made for the next handle of its sort. */
  put<T extends Entry>(sort: "waitable" | "set" | "resource", make: (handle: number) => T): T {
    const number = sort === "waitable" ? Sort.WAITABLE : sort === "set" ? Sort.SET : Sort.RESOURCE;
    const rows = this.sorts.get(number)!;
    const entry = make((number << INDEX_BITS) | rows.length);
    rows.push(entry);
    return entry;
  }

  override add(hosted: object): number {
    const sort =
      hosted instanceof ResourceHandle ? "resource" : hosted instanceof WaitableSet ? "set" : "waitable";
    return this.put(sort, (handle) => this.adopt(hosted, handle)).handle;
  }

  /** Takes an entry out. */
  take(handle: number): void {
    const rows = this.rowsOf(handle);
    if (rows) rows[handle & INDEX_MASK] = null;
  }

  override get<T extends object>(handle: number, kind: EntryClass<T>, what: string): T {
    return this.find(handle, kind, what, false);
  }

  override remove<T extends object>(handle: number, kind: EntryClass<T>, what: string): T {
    const hosted = this.find(handle, kind, what, true);
    this.at(handle)?.gone();
    this.take(handle);
    return hosted;
  }

  override *[Symbol.iterator](): IterableIterator<[number, object]> {
    for (const entry of this.all()) yield [entry.handle, entry.hosted];
  }

  private find<T extends object>(handle: number, kind: EntryClass<T>, what: string, removing: boolean): T {
    const entry = this.at(handle);
    if (entry === null) throw this.missing(handle, removing && kind === (ResourceHandle as unknown));
    const hosted: object = entry.hosted;
    if (!(hosted instanceof kind)) throw new Trap(`${shown(handle)} is not ${what}`);
    return hosted;
  }

  private missing(handle: number, released: boolean): Error {
    if (released && this.wasGiven(handle))
      return this.run.broken("released-twice", `${shown(handle)} was released before`);
    const was = this.wasGiven(handle) ? "was dropped or passed on" : "was never given";
    return this.run.broken("handle-after-drop", `${shown(handle)} ${was}`);
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    for (const rows of this.sorts.values()) {
      take(rows.length);
      for (const entry of rows) {
        if (entry === null) take(-1);
        else entry.words(take);
      }
    }
  }
}

/** A handle as traces show it. */
export function shown(handle: number): string {
  const index = String(handle & INDEX_MASK);
  switch (handle >>> INDEX_BITS) {
    case Sort.SET:
      return `set ${index}`;
    case Sort.RESOURCE:
      return `resource ${index}`;
    default:
      return `handle ${handle}`;
  }
}

import { Trap, trapIf } from "../values/trap.js";

/** A constructor used to ask what kind of entry a handle names. */
export type EntryClass<T> = abstract new (...args: never[]) => T;

/** Largest handle that a table gives out. */
const MAX_HANDLE = 2 ** 28 - 1;

/**
 * A component instance's handles: stream and future ends, waitable sets, subtasks, resources, error contexts.
 * Handle 0 is none. A freed handle is given out again before the table grows, the last freed first.
 *
 * Spec: CanonicalABI.md, "Table State"
 */
export class HandleTable {
  private readonly entries: (object | null)[] = [null];
  private readonly free: number[] = [];

  /** Puts an entry in. @returns its handle */
  add(entry: object): number {
    const reused = this.free.pop();
    if (reused !== undefined) {
      this.entries[reused] = entry;
      return reused;
    }
    trapIf(this.entries.length > MAX_HANDLE, "the handle table is full");
    return this.entries.push(entry) - 1;
  }

  /** The entry behind `handle`. Traps: no such handle; an entry of another kind than `kind` (named `what`) */
  get<T extends object>(handle: number, kind: EntryClass<T>, what: string): T {
    const entry = this.entries[handle];
    if (entry === undefined || entry === null)
      throw new Trap(`handle ${handle} is not in use; ${what} was expected`);
    if (!(entry instanceof kind)) throw new Trap(`handle ${handle} is not ${what}`);
    return entry;
  }

  /** Takes the entry behind `handle` out and frees the handle. Traps as `get` */
  remove<T extends object>(handle: number, kind: EntryClass<T>, what: string): T {
    const entry = this.get(handle, kind, what);
    this.entries[handle] = null;
    this.free.push(handle);
    return entry;
  }

  /** Handles in use, with their entries. For tests, leak checks and reports. */
  *[Symbol.iterator](): IterableIterator<[number, object]> {
    for (const [handle, entry] of this.entries.entries()) if (entry !== null) yield [handle, entry];
  }
}

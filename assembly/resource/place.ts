/**
 * Where a guest keeps the states of a resource that it implements: a static
 * table, in the place of an allocator.
 */
// @ts-nocheck: AssemblyScript; asc checks it

import { announcePlaceReleased, announcedPlaceBusy } from "../check";

/**
 * The base of a state's class. Its fields follow behind the word that says whether the place is taken.
 *
 * ```ts
 * @unmanaged
 * export class Counter extends Place { value: u32; }
 * const COUNTERS: usize = memory.data(<i32>(16 * offsetof<Counter>()), 4);
 * ```
 */
@unmanaged
export class Place {
  /** 1 while a resource has it. */
  taken: u32;

  /** Gives the place back: the last step of the resource's destructor. */
  @inline
  release(): void {
    announcePlaceReleased(changetype<usize>(this));
    this.taken = 0;
  }
}

/**
 * Takes the first free place of a table. What a former resource left in its fields is still there.
 * @param table address of `count` places, zero at first, aligned to T
 * @param count places
 * Caller must: give static memory of `count` times `offsetof<T>()` bytes; `T` extends `Place`
 * @returns the place, or null when all are taken
 */
@unsafe
export function takePlace<T>(table: usize, count: i32): T | null {
  for (let i = 0; i < count; i++) {
    // SAFETY: the caller says that the table holds `count` objects of type T, and i is below that.
    const place = changetype<Place>(table + <usize>i * offsetof<T>());
    if (announcedPlaceBusy(changetype<usize>(place), place.taken != 0, table, offsetof<T>(), count)) continue;
    place.taken = 1;
    // SAFETY: T extends Place.
    return changetype<T>(place);
  }
  return null;
}

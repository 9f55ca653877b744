/**
 * Places for the ends of streams and futures that come inside of values, or are made to be put into one.
 *
 * An end that is a parameter or the result itself has its operation in the task's frame. Of the others nobody
 * knows how many will be open at once: each type has a table of `END_PLACES`, static as all else.
 *
 *     offset
 *      0      of a writable end, the readable one that was made with it
 *      4      the operation, then its slot at 24
 *      …      of a readable end whose items hold pointers, their region of the arena
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { announcedEndBusy } from "./check";
import { Operation } from "./operation";

/** Ends of each type and direction that may be open at once; `rill build --ends` sets it. */
// @ts-ignore: a constant that the build gives
export const END_PLACES: i32 = isDefined(RILL_ENDS) ? RILL_ENDS : 4;

/** Bytes from a place to its operation. */
const END_OFFSET: usize = 4;

/**
 * The operation of the first free place.
 * @param table  address of END_PLACES places, zero at first, 8-aligned
 * @param stride bytes of each
 * Caller must: give the table of one type's ends
 * @returns its address; the place is taken once the operation holds an end, and
 * free again when that is dropped
 * Traps: all are taken
 */
@unsafe
export function freeEnd(table: usize, stride: usize): usize {
  // SAFETY: a place begins with END_OFFSET bytes of its own; the table holds END_PLACES of them.
  const first = table + END_OFFSET;
  for (let i = 0; i < END_PLACES; i++) {
    // SAFETY: `i` is below END_PLACES, so that the place lies in the table, and
    // an operation begins with its handle.
    const end = first + <usize>i * stride;
    // SAFETY: as above.
    const busy = changetype<Operation>(end).handle != 0;
    if (!announcedEndBusy(end, busy, first, stride, END_PLACES)) return end;
  }
  return unreachable();
}

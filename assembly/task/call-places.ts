/**
 * Places for calls that go on side by side, as many of one imported async
 * function as `rill build --call-places` says.
 *
 *     offset
 *      0      the subtask: 12 bytes, 20 when its result holds pointers
 *     20      1 from `open` to `drop`
 *     24      the call's frame, as the function's own
 *      …      regions of the arena that the call brings, for its result and for what it was passed
 */
// @ts-nocheck: AssemblyScript; asc checks it

/** Calls of each function that may be open at once, besides the function's own. */
// @ts-ignore: a constant that the build gives
export const CALL_PLACES: i32 = isDefined(RILL_CALL_PLACES) ? RILL_CALL_PLACES : 4;

/** Bytes from a place to the word that says whether it is taken. */
const TAKEN: usize = 20;

/**
 * Takes the first free place.
 * @param table  address of CALL_PLACES places, zero at first, 8-aligned
 * @param stride bytes of each
 * Caller must: give the table of one function's calls
 * @returns its address
 * Traps: all are taken
 */
@unsafe
export function takeCall(table: usize, stride: usize): usize {
  for (let i = 0; i < CALL_PLACES; i++) {
    // SAFETY: the caller's table has CALL_PLACES places.
    const place = table + <usize>i * stride;
    // SAFETY: the place lies in the table.
    if (load<u32>(place, TAKEN)) continue;
    // SAFETY: as above.
    store<u32>(place, 1, TAKEN);
    return place;
  }
  return unreachable();
}

/** Gives a place back. Caller must: have no call go on there, and no result left */
@unsafe
@inline
export function leaveCall(place: usize): void {
  // SAFETY: as in takeCall.
  store<u32>(place, 0, TAKEN);
}

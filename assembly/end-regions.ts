/**
 * Regions of the arena for the readable ends that come inside of values.
 *
 * A region belongs to an end that is open, whatever its type is: all types share them. An end takes one
 * when it is opened; it is free again when the end has been dropped or handed on. What its items held is
 * not read any more then: a value lives until its reader's next item or drop.
 *
 *     owners:  ┌───────┬───────┬───┐      regions:  ┌──────────┬──────────┬───┐
 *              │ end 0 │ end 1 │ … │                │ region 0 │ region 1 │ … │
 *              └───────┴───────┴───┘                └──────────┴──────────┴───┘
 *
 * A world of which one such type alone holds strings or lists has none of this: each place has its region.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { ARENA_BYTES } from "./arena";
import { END_PLACES } from "./ends";
import { bringRegion } from "./landing";
import { Operation } from "./operation";

/**
 * How many regions there are: as many as `rill build --ends` says; else enough for an end of each such type
 * that the world has, four at least.
 */
// @ts-ignore: constants that the build gives
const COUNT: i32 = isDefined(RILL_ENDS)
  ? RILL_ENDS
  : isDefined(RILL_END_REGIONS)
    ? RILL_END_REGIONS
    : END_PLACES;

/** The operation that each region was taken for last; 0 before the first. */
@lazy
const OWNERS: usize = memory.data(COUNT * 4, 4);

/** The regions, one behind the other: `rill build --arena` takes multiples of 8. */
@lazy
const REGIONS: usize = memory.data(COUNT * <i32>ARENA_BYTES, 8);

/**
 * Takes a region for the items of an end.
 * @param end address of its operation, in a place of ends
 * Caller must: have opened the end just now, so that nothing is left of the one before in its place
 * @returns the region's address: ARENA_BYTES bytes, 8-aligned, the end's until it is dropped or handed on
 * Traps: COUNT other ends with strings or lists in their items are open
 */
@unsafe
export function takeRegion(end: usize): usize {
  let free: i32 = -1;
  for (let i = 0; i < COUNT; i++) {
    // SAFETY: `i` is below COUNT, so that the word lies in the table.
    const at = OWNERS + <usize>i * sizeof<usize>();
    // SAFETY: as above.
    let owner = load<usize>(at);
    // SAFETY: as above.
    if (owner == end) store<usize>(at, (owner = 0));
    // SAFETY: the table holds addresses of operations, which are static.
    if (!owner || !changetype<Operation>(owner).handle) free = i;
  }
  if (free < 0) unreachable();
  // SAFETY: as above.
  store<usize>(OWNERS + <usize>free * sizeof<usize>(), end);
  // SAFETY: `free` is below COUNT, so that the region lies in the table.
  const region = REGIONS + <usize>free * <usize>ARENA_BYTES;
  bringRegion(region);
  return region;
}

/**
 * WAMR's `BLOCK_ADDR_CACHE_SIZE`: places in which the classic interpreter remembers where blocks end. A block
 * that finds none has its code scanned again at every turn of a loop.
 */

/** Sizes worth choosing from, the smallest first. */
export const BLOCK_CACHE_SIZES = [4, 8, 32] as const;
/** What `c/CMakeLists.txt` has. */
export const DEFAULT_BLOCK_CACHE = 8;
/** Bytes of an execution environment for each place, on 32 bits. */
export const BLOCK_CACHE_PLACE = 24;

const KIB = 1024;
/** RAM from which on there is room for as many places as `BLOCK_CACHE_SIZES` says. */
const LEAST_RAM = [0, 16 * KIB, 64 * KIB] as const;

/** Places for a chip with `ram` bytes. */
export function blockCacheFor(ram: number): number {
  return BLOCK_CACHE_SIZES[LEAST_RAM.findLastIndex((least) => ram >= least)]!;
}

/**
 * Bytes by which an execution environment with `places` is larger than one of the
 * smallest cache, which is what images state.
 */
export function moreForBlocks(places: number): number {
  return BLOCK_CACHE_PLACE * (places - BLOCK_CACHE_SIZES[0]);
}

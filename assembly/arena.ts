/**
 * Memory for what holds pointers: strings, lists, and whatever the guest makes with `new` or `+`.
 *
 * It is made of regions of `ARENA_BYTES` bytes each, all static: one for the task, and one for each readable
 * end whose items hold pointers. Blocks are bump-allocated from the current region and given back all at
 * once, by `useRegion`: that of the task when the task ends, that of a readable end when its next item is
 * asked for. Nothing else ever moves or frees.
 *
 *     region:  ┌──────┬──────┬─────────┬──────┬─────────┬──────────────┐
 *              │ link │ size │ block   │ size │ block   │  free        │
 *              └──────┴──────┴─────────┴──────┴─────────┴──────────────┘
 *                            ▲ aligned                  ▲ top          ▲ limit
 *
 * The word in front of a block is its byte length: AssemblyScript's `rtSize`, so that a lowered string or
 * list is a `string` or a `StaticArray` as it stands. The word in front of the first block's is not part of
 * any block; `landing.ts` links regions with it. A guest without such types has none of this.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { callsLand, requireCallsOver } from "./landing";
import { announceArenaReset, announceArenaTaken, announcedArenaRegion, announcedArenaRest } from "./check";

/** Bytes of each region; `rill build --arena` sets it. */
// @ts-ignore: a constant that the build gives
export const ARENA_BYTES: usize = isDefined(RILL_ARENA) ? RILL_ARENA : 512;

/**
 * Where an arena that is too small leaves the bytes that it would have needed
 * more, just before it traps. 4 bytes.
 */
export const ARENA_NEED: usize = 0;

/** Bytes of the word in front of a block. */
const SIZE_BYTES: usize = 4;

/**
 * The task's region: parameters, results of calls, and what the guest makes outside the items of a stream.
 */
@lazy
const TASK_REGION: usize = memory.data(<i32>ARENA_BYTES, 8);

/**
 * Where the next block may begin, counted from TASK_REGION: a global that starts
 * at 0 needs no start function.
 */
@lazy
let top: usize = 0;
/** The current region, counted in the same way. */
@lazy
let current: usize = 0;

/**
 * Gives back every block of `region` and makes it the current one.
 * @param region address of ARENA_BYTES static bytes, 8-aligned
 * Caller must: know that nobody holds anything in it
 */
@unsafe
@inline
export function useRegion(region: usize): void {
  // SAFETY: the region is longer than one word: the first block lies behind it.
  top = announcedArenaRegion(region + SIZE_BYTES, region - TASK_REGION, ARENA_BYTES - SIZE_BYTES);
  current = region - TASK_REGION;
  if (scoping) kept = ~0;
}

/** The current region's address. */
@inline
export function currentRegion(): usize {
  // SAFETY: `current` is how far from TASK_REGION a region lies that useRegion or enterRegion was given.
  return TASK_REGION + current;
}

/** Whether scopes are opened anywhere: only `lowerKept` sets it, as `overlapping` in operation.ts. */
let scoping: bool = false;
/**
 * The address up to which scopes give nothing back. No scope was opened in a region that has become the
 * current one, so it is the greatest there is; the first one that is opened then lowers it, and an item that
 * has landed raises it.
 */
@lazy
let kept: usize = 0;

/** A scope is opened at `position`. Caller must: give what `mark` answers now */
@unsafe
export function lowerKept(position: usize): void {
  scoping = true;
  if (position < kept) kept = position;
}

/** An item lies in the current region: what is there now stays. */
@inline
export function keepLanded(): void {
  if (scoping) kept = mark();
}

/**
 * Gives back what was allocated since `mark` answered `position`, but for what is kept.
 * Caller must: have opened a scope there; keep no string, list or object made since
 */
@unsafe
export function releaseFrom(position: usize): void {
  const from = max(position, kept);
  if (from < mark()) releaseTo(from);
}

/** Where the current region stood, and which it was, when another was entered. */
@lazy
let leftTop: usize = 0;


@lazy
let leftRegion: usize = 0;

/**
 * Gives back every block of `region`, and allocates from there until
 * `leaveRegion`; the current region stays as it is.
 * Caller must: give the address of ARENA_BYTES static bytes, 8-aligned; call nothing of the host's meanwhile
 */
@unsafe
export function enterRegion(region: usize): void {
  // SAFETY: as in useRegion.
  announceArenaReset(region + SIZE_BYTES, ARENA_BYTES - SIZE_BYTES);
  leftTop = top;
  leftRegion = current;
  top = region - TASK_REGION;
  current = region - TASK_REGION;
}

/** Allocates again where it was done before `enterRegion`. */
export function leaveRegion(): void {
  top = leftTop;
  current = leftRegion;
}

/**
 * Gives back the task's region.
 * Traps: a call goes on, or a result of one is there, that may lie in it; see `ArenaSubtask`
 */
export function useTaskRegion(): void {
  if (callsLand) requireCallsOver();
  useRegion(TASK_REGION);
}

/** Whether a task has begun and not ended: it may be waiting while the host calls a sync function. */
@lazy
let tasking: bool = false;
/** Whether the host has taken a block, while a task was there, since the sync function in progress began. */
@lazy
let lowered: bool = false;
/** Where the own blocks of the sync function in progress begin, counted from TASK_REGION. */
@lazy
let callTop: usize = 0;
/** The region that was current when it began. */
@lazy
let callRegion: usize = 0;

/** Whether a sync function is in progress, in a world that has tasks too. */
@lazy
let calling: bool = false;

/**
 * Whether a sync function was called while a task waits, and the host has taken blocks meanwhile: they may be
 * an item of the task's.
 */
@inline
export function keepsCallsBlocks(): bool {
  return calling && tasking && lowered;
}

/** A task begins. Called in a world that has sync functions too; so is `endTask`. */
export function beginTask(): void {
  tasking = true;
}

/** A task has ended: what it held is given back. */
export function endTask(): void {
  tasking = false;
  useTaskRegion();
}

/**
 * The lower one of two addresses of blocks, of which either may be 0: none.
 * Caller must: give addresses of the current region's blocks
 */
@unsafe
export function lowerBlock(a: usize, b: usize): usize {
  return a && (!b || a < b) ? a : b;
}

/**
 * A sync function begins, perhaps while a task waits: what the host has lowered for
 * it lies in whatever region is current.
 * @param first address of the first block of its parameters; 0 when they have none
 * Caller must: call `endCall` when it has ended, and begin no other before
 */
@unsafe
export function beginCall(first: usize): void {
  // SAFETY: takeBlock gave the block, with the word of its length in front of it.
  callTop = first ? first - SIZE_BYTES - TASK_REGION : top;
  callRegion = current;
  lowered = false;
  calling = true;
}

/**
 * A sync function has ended, and the host has read its result: what it held is given back. Blocks that the
 * host took meanwhile may be an item of the task that waits: then all stays until the region is used anew.
 */
export function endCall(): void {
  calling = false;
  // SAFETY: `callTop` was counted from TASK_REGION, in the region that is current again.
  if (!tasking) useTaskRegion();
  else if (!lowered && current == callRegion) releaseTo(TASK_REGION + callTop);
}

/**
 * Where the current region stands: give it to `releaseTo` to give back all that is allocated from here on.
 */
export function mark(): usize {
  // SAFETY: `top` is counted from TASK_REGION: in the current region, or at its end.
  return TASK_REGION + top;
}

/**
 * Gives back what was allocated since `mark` answered `position`.
 * Caller must: keep no string, list or object made since; the same region must be current, and no read
 * or call that brings pointers in flight
 */
@unsafe
export function releaseTo(position: usize): void {
  // SAFETY: the end of the current region; `position` lies in front of it. Its first word is no block's.
  const first = max(position, currentRegion() + SIZE_BYTES);
  top = announcedArenaRest(first, position - TASK_REGION, currentRegion() + ARENA_BYTES - first);
}

/**
 * Takes a block from the current region.
 * @param byteLength bytes, 0 or more
 * @returns the block's address, 8-aligned; the word in front of it holds `byteLength`
 * Owns: the guest, until the region is used anew
 * Traps: the region has no room; `ARENA_NEED` then holds the bytes that are missing
 * SAFETY: `top` lies in the current region, or at its end; what is behind `limit` is
 * only compared, and then the guest ends.
 */
export function takeBlock(byteLength: usize): usize {
  const ptr = (TASK_REGION + top + SIZE_BYTES + 7) & ~7;
  const limit = TASK_REGION + ARENA_BYTES + current;
  // In 64 bits: behind a region that is full `ptr` lies above the limit, and a length may be any.
  if (<u64>ptr + <u64>byteLength > <u64>limit) lack(ptr + byteLength - limit);
  top = ptr + byteLength - TASK_REGION;
  announceArenaTaken(ptr - SIZE_BYTES, byteLength + SIZE_BYTES);
  // SAFETY: the word lies in the region, between the block before and this one.
  store<u32>(ptr - SIZE_BYTES, <u32>byteLength);
  return ptr;
}

/** Ends the guest: `missing` more bytes would have been needed. */
function lack(missing: usize): void {
  // SAFETY: nothing lies at address 0 to 3; the guest ends with the next instruction.
  store<u32>(ARENA_NEED, <u32>missing);
  unreachable();
}

/**
 * The allocator that the host lowers strings and lists through; exported as `cabi_realloc`. A host
 * changes the length of the block that it took last, and of no other: it takes a string's longest form
 * and then gives back what it did not need.
 * @param ptr       address of the block taken last; not looked at when `oldLength` is 0
 * @param oldLength bytes of that block, or 0 for a new one
 * @param newLength bytes wanted
 * @returns the block's address, 8-aligned
 * Caller must: be the host
 * Traps: the region has no room; the block is not the one taken last
 * Spec: CanonicalABI.md, canonopt realloc
 * SAFETY: only the block that ends at `top` is taken back, and takeBlock put its length in front of it.
 */
@unsafe
export function reallocBlock(ptr: usize, oldLength: usize, newLength: usize): usize {
  // Nobody else asks; a guest without such tasks does not look.
  if (tasking) lowered = true;
  if (oldLength) {
    if (ptr + oldLength != TASK_REGION + top) unreachable();
    top = ptr - SIZE_BYTES - TASK_REGION;
  }
  return takeBlock(newLength);
}

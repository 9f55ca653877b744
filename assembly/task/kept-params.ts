/**
 * What a call that goes on is passed, in a region of the call's own: the callee may read it when the
 * region that it came from has long been used anew. Bindings enter that region, copy each parameter,
 * and leave it; nobody else ever enters it.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { takeBlock } from "../arena";

/**
 * Copies a block.
 * Caller must: be in a region of the call's own; give the address of `byteLength` bytes of a value
 * @returns the copy's address, 8-aligned
 * Traps: the region has no room
 */
@unsafe
export function keepBlock(ptr: usize, byteLength: usize): usize {
  const block = takeBlock(byteLength);
  // SAFETY: the block is new and so long; the caller says the same of what is copied.
  memory.copy(block, ptr, byteLength);
  return block;
}

/**
 * Copies what a string or list points to, whose address and length stand at
 * `pair`, and puts the copy's address there.
 * Caller must: as for `keepBlock`; `pair` lies in a block that was copied before
 * @param stride bytes of each item
 * @returns the address of the copied items
 * Traps: the region has no room
 */
@unsafe
export function keepItems(pair: usize, stride: usize): usize {
  // SAFETY: the caller gives the address of a pair in canonical layout, which is the guest's own copy.
  const items = keepBlock(load<usize>(pair), <usize>load<u32>(pair, 4) * stride);
  // SAFETY: as above.
  store<usize>(pair, items);
  return items;
}

/**
 * A copy of a string or array.
 * Caller must: be in a region of the call's own
 * Traps: the region has no room
 */
@unsafe
export function keepArray<T>(array: T): T {
  const ptr = changetype<usize>(array);
  // SAFETY: AssemblyScript and the arena keep a managed object's byte length in the word in
  // front of it, and so does the copy's block.
  return changetype<T>(keepBlock(ptr, load<u32>(ptr - 4)));
}

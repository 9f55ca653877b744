/**
 * AssemblyScript's runtime on the arena: what `new`, `+` on strings and growing arrays call. Nothing is
 * collected; what is made lives until its region is used anew. It takes the place of asc's `stub` in
 * guests whose world has strings or lists.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { takeBlock } from "as-rill/assembly/arena";

/** Takes memory for `byteLength` bytes, 8-aligned. */
@unsafe
@global
export function __alloc(byteLength: usize): usize {
  return takeBlock(byteLength);
}

/**
 * Moves a block to one of another length.
 * Caller must: be AssemblyScript, with a block that `__alloc` or `__new` gave
 */
@unsafe
@global
export function __realloc(ptr: usize, byteLength: usize): usize {
  // SAFETY: AssemblyScript passes a block that __new or __alloc gave; the word in front of it is its length.
  const before: usize = load<u32>(ptr - 4);
  const block = takeBlock(byteLength);
  // SAFETY: both blocks are at least as long as what is copied.
  memory.copy(block, ptr, min(before, byteLength));
  return block;
}

/** Does nothing: a region is given back as a whole. Caller must: be AssemblyScript */
@unsafe
@global
export function __free(_ptr: usize): void {}

/** Takes memory for an object. Its class is known where it is used: the runtime keeps no ids. */
@unsafe
@global
export function __new(byteLength: usize, _id: u32): usize {
  return takeBlock(byteLength);
}

/** Moves an object to one of another length. Caller must: as for `__realloc` */
@unsafe
@global
export function __renew(ptr: usize, byteLength: usize): usize {
  return __realloc(ptr, byteLength);
}

/** Does nothing: nothing is collected. Caller must: be AssemblyScript */
@unsafe
@global
export function __link(_parent: usize, _child: usize, _expectMultiple: bool): void {}

/** Does nothing: nothing is collected. Caller must: be AssemblyScript */
@unsafe
@global
export function __pin(ptr: usize): usize {
  return ptr;
}

/** Does nothing: nothing is collected. Caller must: be AssemblyScript */
@unsafe
@global
export function __unpin(_ptr: usize): void {}

/** Does nothing: nothing is collected. Caller must: be AssemblyScript */
@unsafe
@global
export function __collect(): void {}

/**
 * Copies `n` bytes, in the direction that is right when the places overlap. The build puts this body into
 * asc's own `memory.copy`, whose stand-in for the bulk-memory instruction is 1,900 bytes long.
 * Caller must: give the addresses of two live places of `n` bytes
 */
@unsafe
export function memmove(dest: usize, src: usize, n: usize): void {
  if (src - dest < n) {
    for (let i: usize = 0; i < n; i++) {
      // SAFETY: the caller gives two live places of `n` bytes; `dest` lies below
      // `src` inside it, so lower bytes go first.
      store<u8>(dest + i, load<u8>(src + i));
    }
    return;
  }
  while (n >= 8) {
    n -= 8;
    // SAFETY: as above; `dest` is not below `src` inside it, so upper bytes go first. Eight more are left.
    store<u64>(dest + n, load<u64>(src + n));
  }
  while (n >= 4) {
    n -= 4;
    // SAFETY: as above, with four more left.
    store<u32>(dest + n, load<u32>(src + n));
  }
  while (n) {
    n--;
    // SAFETY: as above, with one more left.
    store<u8>(dest + n, load<u8>(src + n));
  }
}

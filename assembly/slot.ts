/** The one-item slot of an operation: where it is, and how a value of its type is read and written there. */
// @ts-nocheck: AssemblyScript; asc checks it
import { BLOCKED } from "./abi/copy-result";
import { Operation, SLOT_OFFSET, awaitFlight, overlapping } from "./operation";
import { isHandle } from "./resource/handle";

/** Address of the slot of `operation`. Constant for an operation in a static frame. */
@inline
export function slotOf(operation: Operation): usize {
  // SAFETY: an operation is never alone: bindings lay its slot out behind its
  // fields, in the same static memory.
  return changetype<usize>(operation) + SLOT_OFFSET;
}

/** Bytes of a string or list in canonical layout: an address, then a length. */
const PAIR_BYTES: usize = 8;

/**
 * Address of an empty string or array: behind an AssemblyScript header of zeros,
 * aligned for items of any type.
 */
@lazy
const EMPTY: usize = memory.data(24, 8) + 24;

/** Whether a T is a view of a record in memory: not a number, not a pair, not a handle. */
@inline
export function isView<T>(): bool {
  return isReference<T>() && !isManaged<T>() && !isHandle<T>();
}

/** Byte length of one element of type T in canonical layout. A record class carries its own tail padding. */
@inline
export function elemSize<T>(): usize {
  if (isManaged<T>()) return PAIR_BYTES;
  return isView<T>() ? offsetof<T>() : sizeof<T>();
}

/** Refuses, at compile time, managed types that have no canonical form. */
@inline
export function requireElement<T>(): void {
  if (isManaged<T>() && !isString<T>() && !isArrayLike<T>())
    ERROR("as-rill: this is no element type; of managed types, string and StaticArray are");
}

/**
 * The value at `slot`: a copy of a number or handle, a view of a record that is valid until the next call, of
 * a string or list the one that its address and length name.
 * Caller must: give the address of one element of type T that is not lent
 */
@unsafe
@inline
export function loadElement<T>(slot: usize): T {
  requireElement<T>();
  // SAFETY: a pair in canonical layout names a block of the arena or a static object: the
  // word in front of it is its byte length.
  if (isManaged<T>()) return liftPair<T>(load<usize>(slot), load<u32>(slot, 4));
  // SAFETY: the caller answers for the place: aligned, elemSize<T>() long, and not lent.
  else if (isView<T>()) return changetype<T>(slot);
  // SAFETY: as above.
  else return load<T>(slot);
}

/**
 * What the slot holds once no copy is in flight: waits for the one that is. What
 * a write without an argument writes.
 */
@inline
export function settledElement<T>(operation: Operation): T {
  if (overlapping && elemSize<T>()) awaitFlight(operation);
  return loadElement<T>(slotOf(operation));
}

/** What the slot holds, for a call that a copy in flight forbids. Traps: a copy is in flight */
@inline
export function idleElement<T>(operation: Operation): T {
  if (elemSize<T>() && operation.status == BLOCKED) unreachable();
  return loadElement<T>(slotOf(operation));
}

/** Items of a string or array. */
@inline
function lengthOf<T>(item: T): u32 {
  // SAFETY: AssemblyScript and the arena keep a managed object's byte length in the word in front of it.
  const byteLength = load<u32>(changetype<usize>(item) - 4);
  if (isString<T>()) return byteLength >> 1;
  return byteLength >> (<u32>alignof<valueof<T>>());
}

/**
 * A string or a list as it was lowered, without a copy.
 * @param ptr    address of its items; not looked at when there are none
 * @param length items
 * Caller must: give what the host lowered, or the arena or AssemblyScript made:
 * a block with its byte length in front
 */
@unsafe
@inline
export function liftPair<T>(ptr: usize, length: u32): T {
  // SAFETY: the arena keeps a block's byte length in front of it, where
  // AssemblyScript looks; before EMPTY stand zeros.
  return changetype<T>(length ? ptr : EMPTY);
}

/**
 * Puts `item` into the slot; a record that is the slot's own view is there already.
 * Caller must: give the address of room for one element of type T that is not lent
 */
@unsafe
@inline
export function storeElement<T>(slot: usize, item: T): void {
  requireElement<T>();
  if (isManaged<T>()) {
    // SAFETY: the place is 8 bytes of the caller's; host and guest read `length` items behind the address.
    store<usize>(slot, changetype<usize>(item));
    // SAFETY: as above.
    store<u32>(slot, lengthOf<T>(item), 4);
  } else if (isView<T>()) {
    if (changetype<usize>(item) != slot) copyElement<T>(slot, changetype<usize>(item));
  } else {
    // SAFETY: the caller answers for the place: aligned, sizeof<T>() long, and not lent.
    store<T>(slot, item);
  }
}

/**
 * Drops the handles in an item that nobody took. `Ops.release(ptr)` is there for the element types
 * that hold any; for others this is nothing.
 * Caller must: give the address of an item that nobody else will drop
 */
@unsafe
@inline
export function releaseItem<Ops>(slot: usize): void {
  if (isDefined(changetype<Ops>(0).release)) changetype<Ops>(0).release(slot);
}

/**
 * Copies one element of type T between places that do not overlap; needs no bulk-memory instruction.
 * Caller must: give the addresses of two places for one T, neither of them lent
 */
@unsafe
export function copyElement<T>(to: usize, from: usize): void {
  if (isManaged<T>() || isView<T>()) {
    for (let i: usize = 0; i < elemSize<T>(); i++) {
      // SAFETY: the caller answers for both places: one T each, and neither lent; `i` stays inside of it.
      store<u8>(to + i, load<u8>(from + i));
    }
  } else {
    // SAFETY: as above.
    store<T>(to, load<T>(from));
  }
}

/** The one-item slot of an operation: where it is, and how a value of its type is read and written there. */
import { Operation, SLOT_OFFSET } from "./operation";

/** Address of the slot of `operation`. Constant for an operation in a static frame. */
@inline
export function slotOf(operation: Operation): usize {
  return changetype<usize>(operation) + SLOT_OFFSET;
}

/** Byte length of one element of type T in canonical layout. A record class carries its own tail padding. */
@inline
export function elemSize<T>(): usize {
  return isReference<T>() ? offsetof<T>() : sizeof<T>();
}

/**
 * Refuses, at compile time, element types that the inline slot cannot hold.
 * A managed AssemblyScript type is a pointer; its canonical form is another one.
 */
@inline
export function requirePointerFree<T>(): void {
  if (isManaged<T>())
    ERROR(
      "as-rill: this element type holds a pointer and does not fit the inline slot; use integers, floats, bool, char, enums, flags, handles, or records, tuples, variants, options and results of those",
    );
}

/** The value in the slot: a copy of a number, a view of a record that is valid until the next call. */
@inline
export function loadElement<T>(slot: usize): T {
  requirePointerFree<T>();
  // SAFETY: the slot is static, aligned and elemSize<T>() long; the caller has checked that no copy is in flight.
  if (isReference<T>()) return changetype<T>(slot);
  // SAFETY: as above.
  else return load<T>(slot);
}

/** Puts `item` into the slot; a record that is the slot's own view is there already. */
@inline
export function storeElement<T>(slot: usize, item: T): void {
  requirePointerFree<T>();
  if (isReference<T>()) {
    if (changetype<usize>(item) != slot) copyElement<T>(slot, changetype<usize>(item));
  } else {
    // SAFETY: the slot is static, aligned and sizeof<T>() long; the caller has checked that no copy is in flight.
    store<T>(slot, item);
  }
}

/** Copies one element of type T between places that do not overlap; needs no bulk-memory instruction. */
export function copyElement<T>(to: usize, from: usize): void {
  if (isReference<T>()) {
    for (let i: usize = 0; i < elemSize<T>(); i++) {
      // SAFETY: both places hold one T; the caller has checked that neither is lent.
      store<u8>(to + i, load<u8>(from + i));
    }
  } else {
    // SAFETY: as above.
    store<T>(to, load<T>(from));
  }
}

/**
 * The slot as a `StaticArray<T>` of length 1. It is valid until the next call on the operation.
 * Lends: nothing; the caller must not keep it over a copy.
 */
export function slotArray<T>(operation: Operation): StaticArray<T> {
  requirePointerFree<T>();
  // SAFETY: offset 16 of the operation is the header's rtSize, used by nothing else.
  store<u32>(changetype<usize>(operation), <u32>elemSize<T>(), 16);
  // SAFETY: a StaticArray's code reads rtSize alone of its header, and the element behind it is one T.
  return changetype<StaticArray<T>>(slotOf(operation));
}

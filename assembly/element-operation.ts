/** An operation whose element type is known: what every end has that depends on nothing else. */
// @ts-nocheck: AssemblyScript; asc checks it
import { BLOCKED } from "./abi/copy-result";
import { announceValue } from "./check";
import { Operation, overlapping } from "./operation";
import { elemSize, isView, slotOf } from "./slot";

/** One end's copies of elements of type `T`, laid out as an `Operation`. */
@unmanaged
export class ElementOperation<T> extends Operation {
  /**
   * The slot as what it is, a `StaticArray<T>(1)`: for code that takes arrays. It is
   * valid until the next call on this end.
   * Traps: a copy is in flight
   */
  @inline
  get array(): StaticArray<T> {
    if (isManaged<T>() || isView<T>())
      ERROR("as-rill: an array of records or strings holds pointers; use value");
    if (overlapping && this.status == BLOCKED) unreachable();
    announceValue(changetype<usize>(this));
    // SAFETY: offset 16 of the operation is the header's rtSize, used by nothing
    // else where items hold no pointers.
    store<u32>(changetype<usize>(this), <u32>elemSize<T>(), 16);
    // SAFETY: a StaticArray's code reads rtSize alone of its header, and the element behind it is one T.
    return changetype<StaticArray<T>>(slotOf(this));
  }
}

/** The same as `operation.array`, as it was named first. */
@inline
export function slotArray<T>(operation: ElementOperation<T>): StaticArray<T> {
  return operation.array;
}

/**
 * Memory of the arena for a while: what is made in a scope is given back when it closes, before the
 * task ends. A guest that opens none has no code for it.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { keepsCallsBlocks, lowerKept, mark, releaseFrom } from "./arena";
import { noteHomes } from "./landing";
import { overlapping } from "./operation";

/** A place in the arena: what is made from `openScope` on is given back by `close`. It takes no memory. */
@unmanaged
export class Scope {
  /**
   * Gives back what was made since `openScope`: strings, arrays and objects of the guest's, and what calls of
   * imported functions answered. None of it may be used afterwards; the gate finds a guest that does.
   *
   * Items that reads have brought stay, those of reads in flight too. All stays where `next` of an end whose
   * items hold strings has made another region the current one: that is given back by its own `next`. All
   * stays too in a function that is called while a task waits, when the host has made something meanwhile.
   * A second `close` gives back what was made since the first.
   */
  close(): void {
    if (keepsCallsBlocks()) return;
    if (overlapping) noteHomes();
    // SAFETY: an object of this class is the address where the arena stood when it was opened.
    releaseFrom(changetype<usize>(this));
  }
}

/**
 * Opens a scope: `close` gives back what is made from here on. Scopes may lie in each other; the inner one is
 * closed first.
 *
 * ```ts
 * for (let n = 0; n < 1000; n++) {
 *   const scope = openScope();
 *   sum += total(getRandomBytes(16));
 *   scope.close();
 * }
 * ```
 * Left by `return` or `break` without `close`, what it made stays until the scope around it closes, or the
 * task ends.
 * Heap: none
 */
export function openScope(): Scope {
  if (overlapping) noteHomes();
  const position = mark();
  lowerKept(position);
  // SAFETY: nothing is read or written there: the object is its address alone.
  return changetype<Scope>(position);
}

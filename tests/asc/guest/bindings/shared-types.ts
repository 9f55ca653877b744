/**
 * Types without a name of their own in the WIT that several of these files use.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { loadElement, storeElement, takeBlock } from "as-rill/assembly/bindings";

/** WIT: `list<string>`: 8 bytes, aligned to 4. A view of memory that holds one. */
@unmanaged
export class ListString {
  /** Address of the items. */
  private items: usize;
  /** Items. */
  length: i32;
  /** Makes room for `length` items in the arena; what is in them is for the guest to write. Traps: the arena is full. */
  allocate(length: i32): void {
    if (<u32>length > 268435455) unreachable();
    this.items = takeBlock(<usize>length * 8);
    this.length = length;
  }
  /** The item at `index`. Traps: there is none. */
  @operator("[]")
  private at(index: i32): string {
    if (<u32>index >= <u32>this.length) unreachable();
    // SAFETY: the index is below the length, and the items lie one after the other.
    return loadElement<string>(this.items + <usize>index * 8);
  }
  /** Writes the item at `index`. Traps: there is none. */
  @operator("[]=")
  private put(index: i32, value: string): void {
    if (<u32>index >= <u32>this.length) unreachable();
    // SAFETY: the index is below the length, and the items lie one after the other.
    storeElement<string>(this.items + <usize>index * 8, value);
  }
}

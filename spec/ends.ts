/** The other ends of a guest's streams and futures, in the hands of a spec. */
// @ts-nocheck: AssemblyScript; asc checks it
import { elemSize } from "../assembly/slot";
import * as script from "./script";

/** Bytes of one element of the string or list type T. */
@inline
function elementWidth<T>(): u32 {
  if (isString<T>()) return 2;
  return <u32>sizeof<valueof<T>>();
}

/** Whether an item of type T is a string or list: an address and a length. */
@inline
function isBlock<T>(): bool {
  return isString<T>() || isArrayLike<T>();
}

/**
 * The writable end of a stream or future that the guest reads. What it shall do is said before the guest
 * runs: items in their order, pauses, and that it goes away. A read behind all of that never ends.
 */
export class TestWriter<T> {
  /** The readable end's handle: what the guest gets. */
  readonly end: u32 = script.writer();

  /**
   * Gives an item: a number, a string, a `StaticArray` of numbers, or a record's class from the bindings,
   * whose bytes are copied now.
   */
  write(item: T): TestWriter<T> {
    if (isBlock<T>()) {
      const length = <u32>item.length;
      script.giveBlock(this.end, changetype<usize>(item), length * elementWidth<T>(), length);
    } else if (isReference<T>()) {
      script.give(this.end, changetype<usize>(item), <u32>elemSize<T>());
    } else {
      const copy = new StaticArray<u64>(1);
      // SAFETY: no value type is longer than the array, whose address is its first byte.
      store<T>(changetype<usize>(copy), item);
      script.give(this.end, changetype<usize>(copy), <u32>sizeof<T>());
    }
    return this;
  }

  /** Gives all of `items`. */
  writeAll(items: T[]): TestWriter<T> {
    for (let i = 0; i < items.length; i++) this.write(items[i]);
    return this;
  }

  /** Has nothing until the guest has waited, polled or paused `turns` times. */
  later(turns: u32 = 1): TestWriter<T> {
    script.later(this.end, turns);
    return this;
  }

  /** Goes away: the guest's next read says so. */
  drop(): TestWriter<T> {
    script.drop(this.end);
    return this;
  }

  /** Whether the guest has dropped its end. */
  get isGone(): bool {
    return script.isGone(this.end);
  }
}

/** The readable end of a stream or future that the guest makes. */
export class TestReader<T> {
  private place: i32;

  /** @param take how many items it reads before it goes away; as many as there are when it is negative */
  constructor(take: i32) {
    this.place = script.reader(take);
  }

  /** How many items it has read. */
  get length(): i32 {
    return script.readCount(this.place);
  }

  /** The item at `index`, as it was when it was taken. */
  at(index: i32): T {
    if (isBlock<T>()) {
      const width = elementWidth<T>();
      const byteLength = script.readBlockLength(this.place, index, width);
      if (isString<T>()) {
        const bytes = new StaticArray<u8>(byteLength);
        script.readBlock(this.place, index, changetype<usize>(bytes), byteLength);
        // SAFETY: the block is as long as it says.
        return changetype<T>(String.UTF16.decodeUnsafe(changetype<usize>(bytes), byteLength));
      }
      const list = instantiate<T>(<i32>(byteLength / width));
      script.readBlock(this.place, index, changetype<usize>(list), byteLength);
      return list;
    }
    const byteLength = <u32>elemSize<T>();
    // SAFETY: a block of its own for one item, in canonical layout, and at least as long as any number.
    const memory = heap.alloc(max<usize>(byteLength, 8));
    script.read(this.place, index, memory, byteLength);
    // SAFETY: the block is this item's alone.
    if (isReference<T>()) return changetype<T>(memory);
    // SAFETY: as above.
    return load<T>(memory);
  }

  /** All items that it has read. */
  get items(): T[] {
    const items = new Array<T>();
    for (let i = 0; i < this.length; i++) items.push(this.at(i));
    return items;
  }

  /** Whether the guest has dropped its end. */
  get isGone(): bool {
    return script.isReaderGone(this.place);
  }
}

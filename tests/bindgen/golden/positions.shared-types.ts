/**
 * Types without a name of their own in the WIT that several of these files use.
 *
 * Written by `rill bindgen`: change the WIT and regenerate, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { Number_, Point } from "./test-positions-given";
export { Number_, Point } from "./test-positions-given";

/** WIT: `option<point>`: 6 bytes, aligned to 2. A view of memory that holds one. */
@unmanaged
export class OptionPoint {
  /** The tag of case `none`. */
  static readonly none: u8 = 0;
  /** The tag of case `some`. */
  static readonly some: u8 = 1;
  /** Which case it is. */
  tag: u8;
  private gap_1: u8;
  private payload_2: u16;
  private payload_4: u16;
  /** The payload of case `some`, at offset 2. */
  @inline
  get some(): Point {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Point>(changetype<usize>(this) + 2);
  }
}

/** WIT: `tuple<number, number>`: 32 bytes, aligned to 8. A view of memory that holds one. */
@unmanaged
export class TupleNumberNumber {
  private item0_at_0: u64;
  private item0_at_8: u64;
  /** At offset 0. */
  @inline
  get item0(): Number_ {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Number_>(changetype<usize>(this));
  }
  private item1_at_16: u64;
  private item1_at_24: u64;
  /** At offset 16. */
  @inline
  get item1(): Number_ {
    // SAFETY: the value lies inside this one, at its canonical offset.
    return changetype<Number_>(changetype<usize>(this) + 16);
  }
}

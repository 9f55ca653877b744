/** Numbers as characters, in static memory that no copy ever borrows. */
// @ts-nocheck: AssemblyScript; asc checks it
import { dtoa_buffered, itoa_buffered } from "util/number";

/** The most characters of a number: `dtoa_buffered` writes up to 28, an i64 has 20. */
const MOST = 32;

/** Where AssemblyScript writes them, as UTF-16; then one byte each. */
@lazy
const DIGITS: usize = memory.data(64);

/** Where the characters lie that `decimal` and `hex` have made last, one byte each. */
@inline
export function digits(): usize {
  return DIGITS;
}

/** Makes the characters of `value`, as its `toString` gives them. @returns how many */
export function decimal<T>(value: T): i32 {
  // SAFETY: there is room for MOST characters of two bytes, and no number has more.
  const length: u32 = isFloat<T>() ? dtoa_buffered<T>(DIGITS, value) : itoa_buffered<T>(DIGITS, value);
  for (let i: u32 = 0; i < length; i++) {
    // SAFETY: `i` is below the characters that were written; the byte is in front of what is yet to be read.
    store<u8>(DIGITS + i, load<u8>(DIGITS + 2 * i));
  }
  return <i32>length;
}

/**
 * Makes the characters of the bits of `value`, four a digit.
 * @param least digits, 0..16: as many zeros as it takes stand in front
 * @returns how many
 */
export function hex<T>(value: T, least: i32): i32 {
  let bits = bitsOf<T>(value);
  let length = max(1, min(least, 2 * sizeof<u64>()));
  while (length < 2 * <i32>sizeof<T>() && bits >> (<u64>length * 4)) length++;
  for (let i = length - 1; i >= 0; i--) {
    const digit = <u8>(bits & 15);
    // SAFETY: `i` is below 16, and there is room for more.
    store<u8>(DIGITS + <usize>i, digit + (digit < 10 ? 48 : 87));
    bits >>= 4;
  }
  return length;
}


@inline
function bitsOf<T>(value: T): u64 {
  if (isFloat<T>()) return sizeof<T>() == 4 ? reinterpret<u32>(<f32>value) : reinterpret<u64>(<f64>value);
  const bits = <u64>value;
  return sizeof<T>() == 8 ? bits : bits & (((<u64>1) << (<u64>sizeof<T>() * 8)) - 1);
}

/**
 * Text into a buffer of the guest's.
 *
 * Each function puts its text behind what is there and answers where it ends, so that the next one goes on
 * from there. What does not fit is left out: of a text the code points at its end, of a number all of it.
 *
 * ```ts
 * const line = new StaticArray<u8>(64);
 * let length = putText(line, 0, "volts: ");
 * length = putDecimal(line, length, volts);
 * output.writeAll(line, length);
 * ```
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { decimal, digits, hex } from "./digits";
import { bytesOf, codePointAt, encode, unitsOf } from "./utf8";

/**
 * Puts `text` as UTF-8 from the byte `at` on; half of a surrogate pair becomes U+FFFD.
 * @returns where it ends, at most `buffer.length`
 * Traps: `at` is not in the buffer or at its end
 * Heap: none
 */
export function putText(buffer: StaticArray<u8>, at: i32, text: string): i32 {
  if (<u32>at > <u32>buffer.length) unreachable();
  for (let i = 0; i < text.length;) {
    const point = codePointAt(text, i);
    if (bytesOf(point) > buffer.length - at) break;
    // SAFETY: there is room for so many bytes.
    at += <i32>encode(changetype<usize>(buffer) + <usize>at, point);
    i += unitsOf(point);
  }
  return at;
}

/**
 * Puts the number `value` in decimal, as its `toString` gives it.
 * @returns where it ends; `at` when there is no room for all of it
 * Traps: `at` is not in the buffer or at its end
 * Heap: none
 */
export function putDecimal<T>(buffer: StaticArray<u8>, at: i32, value: T): i32 {
  return putDigits(buffer, at, decimal<T>(value));
}

/**
 * Puts the bits of `value` in hexadecimal digits, of a float too.
 * @param least digits: zeros stand in front of a number that has fewer
 * @returns where it ends; `at` when there is no room for all of it
 * Traps: `at` is not in the buffer or at its end
 * Heap: none
 */
export function putHex<T>(buffer: StaticArray<u8>, at: i32, value: T, least: i32 = 1): i32 {
  return putDigits(buffer, at, hex<T>(value, least));
}

function putDigits(buffer: StaticArray<u8>, at: i32, length: i32): i32 {
  if (<u32>at > <u32>buffer.length) unreachable();
  if (length > buffer.length - at) return at;
  for (let i = 0; i < length; i++) {
    // SAFETY: the characters are `length` bytes, and there is room for them.
    store<u8>(changetype<usize>(buffer) + <usize>(at + i), load<u8>(digits() + <usize>i));
  }
  return at + length;
}

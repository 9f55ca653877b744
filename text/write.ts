/** Text into a stream of bytes: UTF-8, a few bytes at a time. */
// @ts-nocheck: AssemblyScript; asc checks it
import { StreamWriter } from "as-rill/assembly";
import { decimal, digits, hex } from "./digits";
import { LONGEST, codePointAt, encode, unitsOf } from "./utf8";

/** Bytes that are written at once. */
const CHUNK_BYTES: usize = 128;

/** Where they are put together. The host reads them there while a write waits. */
@lazy
const CHUNK: usize = memory.data(128);

/**
 * Writes `text` as UTF-8 and waits until it is taken; half of a surrogate pair becomes U+FFFD.
 * @returns whether all of it was taken; the reader is gone otherwise
 * Heap: none
 */
export function writeText<Ops>(output: StreamWriter<u8, Ops>, text: string): bool {
  let filled: usize = 0;
  for (let i = 0; i < text.length;) {
    const point = codePointAt(text, i);
    // SAFETY: there is room for the longest code point: below it is written out as soon as there is less.
    filled += encode(CHUNK + filled, point);
    i += unitsOf(point);
    if (filled <= CHUNK_BYTES - LONGEST) continue;
    if (!writeChunk(output, filled)) return false;
    filled = 0;
  }
  return writeChunk(output, filled);
}

/**
 * Writes the number `value` in decimal, as its `toString` gives it, and waits until it is taken.
 * @returns whether all of it was taken; the reader is gone otherwise
 * Heap: none
 */
export function writeDecimal<T, Ops>(output: StreamWriter<u8, Ops>, value: T): bool {
  return writeDigits(output, decimal<T>(value));
}

/**
 * Writes the bits of `value` in hexadecimal digits, of a float too, and waits until they are taken.
 * @param least digits: zeros stand in front of a number that has fewer
 * @returns whether all of it was taken; the reader is gone otherwise
 * Heap: none
 */
export function writeHex<T, Ops>(output: StreamWriter<u8, Ops>, value: T, least: i32 = 1): bool {
  return writeDigits(output, hex<T>(value, least));
}

/** Writes the digits that were made last: the host reads a copy, for others may be made while it does. */
function writeDigits<Ops>(output: StreamWriter<u8, Ops>, length: i32): bool {
  for (let i: usize = 0; i < <usize>length; i++) {
    // SAFETY: a number has fewer characters than the chunk has bytes.
    store<u8>(CHUNK + i, load<u8>(digits() + i));
  }
  return writeChunk(output, <usize>length);
}

/** Writes the first bytes of CHUNK. @returns whether all were taken */
function writeChunk<Ops>(output: StreamWriter<u8, Ops>, length: usize): bool {
  for (let from: usize = 0; from < length;) {
    // SAFETY: `length` bytes of CHUNK are filled, and `from` is below that.
    const taken = output.writeFrom(CHUNK + from, <i32>(length - from));
    if (!taken) return false;
    from += taken;
  }
  return true;
}

/** Text as the bytes that WASI's streams carry: UTF-8, a few at a time, without an allocator. */
import { StreamWriter } from "as-rill/assembly";

/** Bytes that are written at once. */
const CHUNK_BYTES: usize = 128;

/** The most bytes that one code point becomes. */
const LONGEST: usize = 4;

/** Where they are put together. */
@lazy
const CHUNK: usize = memory.data(128);

/**
 * Writes `text` as UTF-8 and waits until it is taken; half of a surrogate pair becomes U+FFFD.
 * @returns whether all of it was taken; the reader is gone otherwise
 * Heap: none
 */
export function writeText<Ops>(output: StreamWriter<u8, Ops>, text: string): bool {
  let filled: usize = 0;
  for (let i = 0; i < text.length; i++) {
    let point: u32 = text.charCodeAt(i);
    if ((point & 0xf800) == 0xd800) {
      const next: u32 = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      const isPair = point < 0xdc00 && (next & 0xfc00) == 0xdc00;
      point = isPair ? 0x10000 + ((point & 0x3ff) << 10) + (next & 0x3ff) : 0xfffd;
      if (isPair) i++;
    }
    // SAFETY: there is room for the longest code point: below it is written out as soon as there is less.
    filled += encode(CHUNK + filled, point);
    if (filled <= CHUNK_BYTES - LONGEST) continue;
    if (!writeBytes(output, filled)) return false;
    filled = 0;
  }
  return writeBytes(output, filled);
}

/** Writes the first bytes of CHUNK. @returns whether all were taken */
function writeBytes<Ops>(output: StreamWriter<u8, Ops>, length: usize): bool {
  for (let from: usize = 0; from < length;) {
    // SAFETY: `length` bytes of CHUNK are filled, and `from` is below that.
    const taken = output.writeFrom(CHUNK + from, <i32>(length - from));
    if (!taken) return false;
    from += taken;
  }
  return true;
}

/**
 * Stores a code point in UTF-8.
 * @returns its bytes
 * Caller must: have room for LONGEST bytes
 */
@unsafe
function encode(at: usize, point: u32): usize {
  if (point < 0x80) {
    // SAFETY: the caller has room for four bytes; so for all below.
    store<u8>(at, <u8>point);
    return 1;
  }
  if (point < 0x800) {
    // SAFETY: as above.
    store<u8>(at, <u8>(0xc0 | (point >> 6)));
    // SAFETY: as above.
    return 1 + continued(at + 1, point, 1);
  }
  if (point < 0x10000) {
    // SAFETY: as above.
    store<u8>(at, <u8>(0xe0 | (point >> 12)));
    // SAFETY: as above.
    return 1 + continued(at + 1, point, 2);
  }
  // SAFETY: as above.
  store<u8>(at, <u8>(0xf0 | (point >> 18)));
  // SAFETY: as above.
  return 1 + continued(at + 1, point, 3);
}

/** Stores the `count` bytes behind the first. @returns `count`. Caller must: have room for them */
@unsafe
function continued(at: usize, point: u32, count: u32): usize {
  for (let i: u32 = 0; i < count; i++) {
    // SAFETY: the caller has room for `count` bytes.
    store<u8>(at + i, <u8>(0x80 | ((point >> (6 * (count - 1 - i))) & 0x3f)));
  }
  return count;
}

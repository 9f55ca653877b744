/** UTF-8, one code point at a time. */
// @ts-nocheck: AssemblyScript; asc checks it

/** The most bytes that one code point becomes. */
export const LONGEST: usize = 4;

/** The code point that stands for half of a surrogate pair. */
const REPLACEMENT: u32 = 0xfffd;

/** The code point at `index` of `text`. One above U+FFFF takes two units, see `unitsOf`. */
export function codePointAt(text: string, index: i32): u32 {
  const unit: u32 = text.charCodeAt(index);
  if ((unit & 0xf800) != 0xd800) return unit;
  const next: u32 = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
  if (unit >= 0xdc00 || (next & 0xfc00) != 0xdc00) return REPLACEMENT;
  return 0x10000 + ((unit & 0x3ff) << 10) + (next & 0x3ff);
}

/** Units of UTF-16 that `point` takes. */
@inline
export function unitsOf(point: u32): i32 {
  return point < 0x10000 ? 1 : 2;
}

/** Bytes of UTF-8 that `point` takes. */
export function bytesOf(point: u32): i32 {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/**
 * Stores a code point.
 * @returns its bytes
 * Caller must: have room for `bytesOf(point)` bytes
 */
@unsafe
export function encode(at: usize, point: u32): usize {
  const length = bytesOf(point);
  if (length == 1) {
    // SAFETY: the caller has room for all of its bytes; so below.
    store<u8>(at, <u8>point);
    return 1;
  }
  // The first byte says how many there are: as many bits set, then a zero.
  const head: u32 = (0xf00 >> length) & 0xff;
  // SAFETY: as above.
  store<u8>(at, <u8>(head | (point >> (6 * (length - 1)))));
  for (let i = 1; i < length; i++) {
    // SAFETY: as above; `i` is below its bytes.
    store<u8>(at + i, <u8>(0x80 | ((point >> (6 * (length - 1 - i))) & 0x3f)));
  }
  return <usize>length;
}

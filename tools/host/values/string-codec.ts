/** Strings between JavaScript and the three encodings of the canonical ABI. */
import type { LiftLowerContext } from "./lift-lower-context.js";
import { Trap, trapIf } from "./trap.js";

/** Bytes that a string takes at most. */
const MAX_STRING_BYTE_LENGTH = 2 ** 28 - 1;
/** Marks a length that counts UTF-16 code units, in the encoding `latin1+utf16`. */
const UTF16_TAG = 0x8000_0000;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const strictUtf16 = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

/** A string's place in memory: the address and the length word that stands beside it. */
export interface StringRange {
  readonly ptr: number;
  readonly taggedCodeUnits: number;
}

/**
 * Lifts the string at `ptr`.
 * Traps: misaligned, out of bounds, longer than 2^28-1 bytes, not valid in the guest's encoding
 */
export function loadString(cx: LiftLowerContext, { ptr, taggedCodeUnits }: StringRange): string {
  const { encoding } = cx.options;
  const wide = encoding === "utf16" || (encoding === "latin1+utf16" && taggedCodeUnits >= UTF16_TAG);
  const codeUnits = encoding === "latin1+utf16" ? taggedCodeUnits % UTF16_TAG : taggedCodeUnits;
  const byteLength = wide ? 2 * codeUnits : codeUnits;
  trapIf(
    byteLength > MAX_STRING_BYTE_LENGTH,
    `a string of ${byteLength} bytes is longer than the ABI allows`,
  );
  cx.checkRange(ptr, byteLength, encoding === "utf8" ? 1 : 2, "string");
  const bytes = cx.memory.bytes.slice(ptr, ptr + byteLength);
  if (!wide && encoding !== "utf8") return Buffer.from(bytes.buffer).toString("latin1");
  try {
    return (wide ? strictUtf16 : strictUtf8).decode(bytes);
  } catch {
    throw new Trap(`the string at ${ptr} is not valid ${wide ? "UTF-16" : "UTF-8"}`);
  }
}

/** Lowers a string into memory of the guest's allocator, which is asked once, for exactly what is needed. */
export function storeString(cx: LiftLowerContext, text: string): StringRange {
  const { encoding } = cx.options;
  if (encoding === "utf8") return place(cx, utf8.encode(text), 1, (bytes) => bytes.length);
  const wellFormed = withoutLoneSurrogates(text);
  if (encoding === "utf16")
    return place(cx, Buffer.from(wellFormed, "utf16le"), 2, (bytes) => bytes.length / 2);
  if (isLatin1(wellFormed)) return place(cx, Buffer.from(wellFormed, "latin1"), 2, (bytes) => bytes.length);
  return place(cx, Buffer.from(wellFormed, "utf16le"), 2, (bytes) => bytes.length / 2 + UTF16_TAG);
}

function place(
  cx: LiftLowerContext,
  bytes: Uint8Array,
  alignment: number,
  taggedCodeUnits: (bytes: Uint8Array) => number,
): StringRange {
  if (bytes.length > MAX_STRING_BYTE_LENGTH)
    throw new RangeError(`a string of ${bytes.length} bytes is too long to lower`);
  const ptr = cx.allocate(alignment, bytes.length);
  cx.memory.bytes.set(bytes, ptr);
  return { ptr, taggedCodeUnits: taggedCodeUnits(bytes) };
}

/** Unicode scalar values only: what stands for none becomes U+FFFD. */
function withoutLoneSurrogates(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, "\ufffd") : text;
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

/** Rules of single scalar values: ranges of integers, Unicode scalar values, bits of flags. */
import { Trap } from "./trap.js";
import type { LabelledValue, Value } from "./value.js";

/** Integer types. */
export type IntegerKind = "u8" | "u16" | "u32" | "u64" | "s8" | "s16" | "s32" | "s64";

/** Smallest and largest value of each integer type. */
export const integerRange: Record<IntegerKind, readonly [bigint, bigint]> = {
  u8: [0n, 0xffn],
  u16: [0n, 0xffffn],
  u32: [0n, 0xffff_ffffn],
  u64: [0n, 0xffff_ffff_ffff_ffffn],
  s8: [-0x80n, 0x7fn],
  s16: [-0x8000n, 0x7fffn],
  s32: [-0x8000_0000n, 0x7fff_ffffn],
  s64: [-0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn],
};

const smallRange = Object.fromEntries(
  Object.entries(integerRange).map(([kind, [low, high]]) => [kind, [Number(low), Number(high)]]),
) as Record<IntegerKind, [number, number]>;

/** An embedder's integer as it is. @throws RangeError when the type does not hold it: nothing is cut off */
export function checkInteger(kind: IntegerKind, value: Value): number | bigint {
  if (typeof value === "number") {
    const [low, high] = smallRange[kind];
    if (Number.isInteger(value) && value >= low && value <= high) return value;
  } else if (typeof value === "bigint") {
    const [low, high] = integerRange[kind];
    if (value >= low && value <= high) return value;
  }
  throw new RangeError(String(value) + ` is not a valid ${kind}`);
}

/** The char of a code point from the guest. Traps: a surrogate, or above U+10FFFF */
export function charOf(codePoint: number): string {
  if (codePoint >= 0x11_0000) throw new Trap(`${codePoint} is above the largest char, U+10FFFF`);
  if (isSurrogate(codePoint)) throw new Trap(`U+${codePoint.toString(16)} is a surrogate, no char`);
  return String.fromCodePoint(codePoint);
}

/** The code point of an embedder's char. @throws TypeError unless the string is one Unicode scalar value */
export function codePointOf(value: Value): number {
  const codePoint = typeof value === "string" ? value.codePointAt(0) : undefined;
  if (codePoint === undefined || isSurrogate(codePoint) || String.fromCodePoint(codePoint) !== value) {
    throw new TypeError(`${JSON.stringify(value)} is not a char`);
  }
  return codePoint;
}

function isSurrogate(codePoint: number): boolean {
  return codePoint >= 0xd800 && codePoint <= 0xdfff;
}

/** Flags as bits, the first label lowest. A label that is missing counts as false. */
export function packFlags(value: LabelledValue, labels: readonly string[]): number {
  let bits = 0;
  labels.forEach((label, i) => {
    if (value[label]) bits += 2 ** i;
  });
  return bits;
}

/** Bits as flags; bits without a label are ignored. */
export function unpackFlags(bits: number, labels: readonly string[]): LabelledValue {
  return Object.fromEntries(labels.map((label, i) => [label, ((bits >>> i) & 1) === 1]));
}

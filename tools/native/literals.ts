/** Constants as C writes them. */
import { atom, type NumberType, operand, type Value } from "./value.js";

/** What `int` holds on every machine: no suffix of width is needed below. */
const SMALL = 0x8000n;

/** An integer constant. */
export function integer(type: "i32" | "i64", value: bigint): Value {
  const constant = BigInt.asUintN(type === "i32" ? 32 : 64, value);
  return atom(type, integerText(type, constant), { constant });
}

function integerText(type: "i32" | "i64", value: bigint): string {
  if (type === "i32" && value < SMALL) return `${value}u`;
  const digits = value < 1_000_000n ? String(value) : `0x${value.toString(16)}`;
  return `UINT${type === "i32" ? 32 : 64}_C(${digits})`;
}

/**
 * The value as an operand that is as wide as its type by itself: for what C works out before it sees another
 * operand. A small constant is an `int` else, of 16 bits on some machines.
 */
export function wideOperand(value: Value): string {
  if (value.type !== "i32" || value.constant === null || value.constant >= SMALL) return operand(value);
  return `UINT32_C(${value.constant})`;
}

/** A number of bytes or places, as `uint32_t`. */
export function count(value: number): string {
  return integerText("i32", BigInt(value));
}

/** The constant that the bytes at `offset` are, little-endian. */
export function floatAt(bytes: Uint8Array, offset: number, type: "f32" | "f64"): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return type === "f32"
    ? float(type, view.getFloat32(offset, true), BigInt(view.getUint32(offset, true)))
    : float(type, view.getFloat64(offset, true), view.getBigUint64(offset, true));
}

/** A float: the shortest decimal that is this number; by its bits what decimals are not sure to give. */
function float(type: "f32" | "f64", value: number, bits: bigint): Value {
  const least = type === "f32" ? 2 ** -126 : 2 ** -1022;
  const isPlain = Number.isFinite(value) && (Math.abs(value) >= least || Object.is(value, 0));
  if (!isPlain) {
    const word = integer(type === "f32" ? "i32" : "i64", bits);
    const name = type === "f32" ? "rill_f32_reinterpret_i32" : "rill_f64_reinterpret_i64";
    return atom(type, `${name}(${word.text})`);
  }
  const digits = type === "f32" ? shortest(value) : String(value);
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return atom(type, `${text}${type === "f32" ? "f" : ""}`, { isAtom: value >= 0 });
}

function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** The zero of a type. */
export function zero(type: NumberType): string {
  return { i32: "0", i64: "0", f32: "0.0f", f64: "0.0" }[type];
}

/** Value, heap and reference types in their binary form. */
import { type ByteReader, WasmFormatError } from "./byte-reader.js";
import type { GlobalType, Limits, ValueType } from "./core-module.js";

const SHORT: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
  [0x78, "i8"],
  [0x77, "i16"],
  [0x74, "nullexnref"],
  [0x73, "nullfuncref"],
  [0x72, "nullexternref"],
  [0x71, "nullref"],
  [0x70, "funcref"],
  [0x6f, "externref"],
  [0x6e, "anyref"],
  [0x6d, "eqref"],
  [0x6c, "i31ref"],
  [0x6b, "structref"],
  [0x6a, "arrayref"],
  [0x69, "exnref"],
  [0x68, "contref"],
  [0x75, "nullcontref"],
]);

/** Reads a value type (or a packed storage type, where one may stand). */
export function readValueType(reader: ByteReader): ValueType {
  const at = reader.offset;
  const byte = reader.u8();
  if (byte === 0x63) return `(ref null ${readHeapType(reader)})`;
  if (byte === 0x64) return `(ref ${readHeapType(reader)})`;
  const name = SHORT.get(byte);
  if (name === undefined) throw new WasmFormatError(`unknown value type 0x${byte.toString(16)}`, at, true);
  return name;
}

/** Whether `byte` begins a value type, as a block type may. */
export function beginsValueType(byte: number): boolean {
  return byte === 0x63 || byte === 0x64 || SHORT.has(byte);
}

/** Reads a heap type: an abstract one by name, or a type index. */
export function readHeapType(reader: ByteReader): string {
  const value = reader.s33();
  return value >= 0 ? String(value) : (SHORT.get(value & 0x7f) ?? String(value)).replace(/ref$/, "");
}

/** Reads the limits of a memory or a table. */
export function readLimits(reader: ByteReader): Limits {
  const at = reader.offset;
  const flags = reader.u8();
  if (flags > 15) throw new WasmFormatError(`unknown limits 0x${flags.toString(16)}`, at, true);
  const memory64 = (flags & 4) !== 0;
  const bound = (): number => (memory64 ? Number(reader.u64()) : reader.u32());
  const minimum = bound();
  const maximum = flags & 1 ? bound() : null;
  const pageSizeLog2 = flags & 8 ? reader.u32() : 16;
  return { minimum, maximum, shared: (flags & 2) !== 0, memory64, pageSizeLog2 };
}

/** Reads a global's type. */
export function readGlobalType(reader: ByteReader): GlobalType {
  const type = readValueType(reader);
  return { type, mutable: (reader.u8() & 1) !== 0 };
}

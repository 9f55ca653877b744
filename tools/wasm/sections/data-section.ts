/** The data section. */
import { type ByteReader, WasmFormatError } from "../byte-reader.js";
import type { DataEntry } from "../core-module.js";
import { readConstantExpression } from "./constant-expression.js";

/** Reads the section. Flag bits: 1 passive, 2 explicit memory. */
export function readDataSection(reader: ByteReader): DataEntry[] {
  return reader.vector(() => {
    const start = reader.offset;
    const flags = reader.u32();
    if (flags > 2) throw new WasmFormatError("unknown kind of data segment", start, true);
    const memory = flags === 2 ? reader.u32() : 0;
    const offset = flags === 1 ? null : readConstantExpression(reader);
    const length = reader.u32();
    const at = reader.skip(length);
    return { start, end: reader.offset, memory, offset, content: { start: at, end: reader.offset } };
  });
}

/** The element section: which functions can be called through a table. */
import { type ByteReader, WasmFormatError } from "../byte-reader.js";
import type { ElementEntry } from "../core-module.js";
import { readValueType } from "../value-types.js";
import { readConstantExpression } from "./constant-expression.js";

/**
 * Reads the section. Flag bits: 1 not active, 2 explicit table (or declarative),
 * 4 expressions instead of indices.
 */
export function readElementSection(reader: ByteReader): ElementEntry[] {
  return reader.vector(() => {
    const start = reader.offset;
    const flags = reader.u32();
    if (flags > 7) throw new WasmFormatError("unknown kind of element segment", start, true);
    const active = (flags & 1) === 0;
    const expressions = (flags & 4) !== 0;
    const table = active && flags & 2 ? reader.u32() : 0;
    const offset = active ? readConstantExpression(reader) : null;
    if (flags & 3) {
      if (expressions) readValueType(reader);
      else reader.u8();
    }
    const items = expressions
      ? reader.vector(() => readConstantExpression(reader).functions[0] ?? null)
      : reader.vector(() => reader.u32());
    const functions = items.filter((item) => item !== null);
    return { start, end: reader.offset, table, offset, items, functions };
  });
}

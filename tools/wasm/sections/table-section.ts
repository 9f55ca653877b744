/** The table section. */
import type { ByteReader } from "../byte-reader.js";
import type { TableEntry } from "../core-module.js";
import { readLimits, readValueType } from "../value-types.js";
import { readConstantExpression } from "./constant-expression.js";

/** Reads the section. */
export function readTableSection(reader: ByteReader): TableEntry[] {
  return reader.vector(() => {
    const start = reader.offset;
    const hasInitial = reader.peek() === 0x40;
    if (hasInitial) reader.skip(2);
    readValueType(reader);
    const limits = readLimits(reader);
    const functions = hasInitial ? readConstantExpression(reader).functions : [];
    return { start, end: reader.offset, limits, functions };
  });
}

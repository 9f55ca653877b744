/** The global section. */
import type { ByteReader } from "../byte-reader.js";
import type { GlobalEntry } from "../core-module.js";
import { readGlobalType } from "../value-types.js";
import { readConstantExpression } from "./constant-expression.js";

/** Reads the section. */
export function readGlobalSection(reader: ByteReader): GlobalEntry[] {
  return reader.vector(() => {
    const start = reader.offset;
    const type = readGlobalType(reader);
    const initial = readConstantExpression(reader);
    return { start, end: reader.offset, ...type, initial };
  });
}

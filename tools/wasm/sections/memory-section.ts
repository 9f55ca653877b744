/** The memory section. */
import type { ByteReader } from "../byte-reader.js";
import type { MemoryEntry } from "../core-module.js";
import { readLimits } from "../value-types.js";

/** Reads the section. */
export function readMemorySection(reader: ByteReader): MemoryEntry[] {
  return reader.vector(() => {
    const start = reader.offset;
    const limits = readLimits(reader);
    return { start, end: reader.offset, limits };
  });
}

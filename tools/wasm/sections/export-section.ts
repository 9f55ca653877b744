/** The export section. */
import type { ByteReader } from "../byte-reader.js";
import type { ExportEntry } from "../core-module.js";
import { readExternKind } from "./import-section.js";

/** Reads the section. */
export function readExportSection(reader: ByteReader): ExportEntry[] {
  return reader.vector(() => {
    const start = reader.offset;
    const name = reader.name();
    const nameBytes = reader.offset - start;
    const kind = readExternKind(reader);
    const index = reader.u32();
    return { start, end: reader.offset, name, nameBytes, kind, index };
  });
}

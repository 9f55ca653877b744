/** The import section. */
import { type ByteReader, WasmFormatError } from "../byte-reader.js";
import type { ExternKind, ImportEntry } from "../core-module.js";
import { readGlobalType, readLimits, readValueType } from "../value-types.js";

const KINDS: readonly ExternKind[] = ["func", "table", "memory", "global", "tag"];

/** Reads what kind of thing an import or export is. */
export function readExternKind(reader: ByteReader): ExternKind {
  const at = reader.offset;
  const kind = KINDS[reader.u8()];
  if (kind === undefined) throw new WasmFormatError("unknown kind of import or export", at, true);
  return kind;
}

/** Reads the section. */
export function readImportSection(reader: ByteReader): ImportEntry[] {
  return reader.vector(() => readImport(reader));
}

function readImport(reader: ByteReader): ImportEntry {
  const start = reader.offset;
  const module = reader.name();
  const field = reader.name();
  const nameBytes = reader.offset - start;
  const kind = readExternKind(reader);
  const names = { start, module, field, nameBytes, kind };
  switch (kind) {
    case "func": {
      const typeIndex = reader.u32();
      return { ...names, typeIndex, end: reader.offset };
    }
    case "tag": {
      reader.u8();
      const typeIndex = reader.u32();
      return { ...names, typeIndex, end: reader.offset };
    }
    case "table": {
      readValueType(reader);
      const limits = readLimits(reader);
      return { ...names, limits, end: reader.offset };
    }
    case "memory": {
      const limits = readLimits(reader);
      return { ...names, limits, end: reader.offset };
    }
    case "global": {
      const global = readGlobalType(reader);
      return { ...names, global, end: reader.offset };
    }
  }
}

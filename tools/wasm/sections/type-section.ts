/** The type section: function signatures, and struct and array types that are passed over. */
import { type ByteReader, WasmFormatError } from "../byte-reader.js";
import type { TypeEntry } from "../core-module.js";
import { readValueType } from "../value-types.js";

/** Reads the section; a recursion group gives one entry for each of its types. */
export function readTypeSection(reader: ByteReader): TypeEntry[] {
  return reader.vector(() => readTypeOrGroup(reader)).flat();
}

function readTypeOrGroup(reader: ByteReader): TypeEntry[] {
  if (reader.peek() !== 0x4e) return [readSubType(reader)];
  const start = reader.offset;
  reader.u8();
  const types = reader.vector(() => readSubType(reader));
  // The group's own bytes belong to its first type, so that the entries cover the section.
  return types.map((type, index) => (index === 0 ? { ...type, start } : type));
}

function readSubType(reader: ByteReader): TypeEntry {
  const start = reader.offset;
  if (reader.peek() === 0x50 || reader.peek() === 0x4f) {
    reader.u8();
    reader.vector(() => reader.u32());
  }
  const signature = readComposite(reader);
  return { start, end: reader.offset, signature };
}

function readComposite(reader: ByteReader): TypeEntry["signature"] {
  const at = reader.offset;
  switch (reader.u8()) {
    case 0x60: {
      const params = reader.vector(() => readValueType(reader));
      return { params, results: reader.vector(() => readValueType(reader)) };
    }
    case 0x5f:
      reader.vector(() => skipField(reader));
      return null;
    case 0x5e:
      skipField(reader);
      return null;
    default:
      throw new WasmFormatError("unknown type", at, true);
  }
}

function skipField(reader: ByteReader): void {
  readValueType(reader);
  reader.u8();
}

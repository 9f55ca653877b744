/**
 * The `name` custom section. A damaged one is ignored, as the specification
 * asks: it names things, nothing more.
 */
import { ByteReader, WasmFormatError } from "../byte-reader.js";
import type { ByteRange, NameMaps } from "../core-module.js";

const FUNCTIONS = 1;
const GLOBALS = 7;
const DATA = 9;

/** The names of a module without a name section. */
export const NO_NAMES: NameMaps = { functions: new Map(), globals: new Map(), dataSegments: new Map() };

/** Reads the names that the report uses. */
export function readNameSection(bytes: Uint8Array, payload: ByteRange): NameMaps {
  const maps = new Map<number, Map<number, string>>();
  try {
    const reader = new ByteReader(bytes, payload.start, payload.end);
    while (!reader.done) {
      const id = reader.u8();
      const subsection = reader.window(reader.u32());
      if (id === FUNCTIONS || id === GLOBALS || id === DATA) maps.set(id, readNameMap(subsection));
    }
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
  }
  return {
    functions: maps.get(FUNCTIONS) ?? NO_NAMES.functions,
    globals: maps.get(GLOBALS) ?? NO_NAMES.globals,
    dataSegments: maps.get(DATA) ?? NO_NAMES.dataSegments,
  };
}

function readNameMap(reader: ByteReader): Map<number, string> {
  const names = new Map<number, string>();
  reader.vector(() => names.set(reader.u32(), reader.name()));
  return names;
}

/** Reads a core module: its sections, and every entity in them with its bytes. */
import { ByteReader, WasmFormatError } from "./byte-reader.js";
import type { CoreModule, NameMaps, Section } from "./core-module.js";
import { readCodeSection } from "./sections/code-section.js";
import { readDataSection } from "./sections/data-section.js";
import { readElementSection } from "./sections/element-section.js";
import { readExportSection } from "./sections/export-section.js";
import { readGlobalSection } from "./sections/global-section.js";
import { readImportSection } from "./sections/import-section.js";
import { readMemorySection } from "./sections/memory-section.js";
import { NO_NAMES, readNameSection } from "./sections/name-section.js";
import { readTableSection } from "./sections/table-section.js";
import { readTypeSection } from "./sections/type-section.js";

/** Bytes of the magic number and the version. */
export const HEADER_BYTES = 8;

const SECTION_NAMES = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "datacount",
  "tag",
];

/** Name of a section that is not custom. */
export function sectionName(id: number): string {
  return SECTION_NAMES[id] ?? `section ${id}`;
}

/** What the bytes are, from their first eight: a core module, a component, or neither. */
export function layerOf(bytes: Uint8Array): "module" | "component" | "neither" {
  if (bytes.length < HEADER_BYTES) return "neither";
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (header.getUint32(0, true) !== 0x6d736100) return "neither";
  const version = header.getUint32(4, true);
  if (version === 1) return "module";
  return version >>> 16 === 1 ? "component" : "neither";
}

/**
 * The sections of the module (or component) in `bytes`, in file order. They and the header cover the file.
 */
export function readSections(bytes: Uint8Array, start = 0, end = bytes.length): Section[] {
  const reader = new ByteReader(bytes, start + HEADER_BYTES, end);
  const sections: Section[] = [];
  while (!reader.done) {
    const at = reader.offset;
    const id = reader.u8();
    const payload = reader.window(reader.u32());
    const name = id === 0 ? payload.name() : sectionName(id);
    sections.push({
      id,
      name,
      start: at,
      end: reader.offset,
      payload: { start: payload.offset, end: payload.end },
    });
  }
  return sections;
}

/**
 * The module in `bytes` without its custom sections, as a device needs it.
 * @param dropped the name of those that go; all when not given
 */
export function withoutCustomSections(bytes: Uint8Array, dropped?: string): Uint8Array {
  const kept = readSections(bytes).filter(({ id, name }) => id !== 0 || name !== (dropped ?? name));
  const parts = kept.map(({ start, end }) => bytes.subarray(start, end));
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, HEADER_BYTES), ...parts]));
}

/**
 * Reads the core module in `bytes`.
 * Errors: WasmFormatError where the bytes are no valid module; instructions are
 * checked only by those who walk them
 */
export function readModule(bytes: Uint8Array): CoreModule {
  const sections = readSections(bytes);
  const read = <T>(id: number, parse: (reader: ByteReader) => T[]): T[] =>
    sections
      .filter((section) => section.id === id)
      .flatMap((section) => {
        const reader = new ByteReader(bytes, section.payload.start, section.payload.end);
        const items = parse(reader);
        if (!reader.done)
          throw new WasmFormatError(`bytes left over in the ${section.name} section`, reader.offset);
        return items;
      });
  const refuse = sections.find((section) => section.id >= SECTION_NAMES.length);
  if (refuse) throw new WasmFormatError(`unknown section ${refuse.id}`, refuse.start, true);
  const indices = (reader: ByteReader): number[] => reader.vector(() => reader.u32());
  const functionTypes = read(3, indices);
  const code = read(10, readCodeSection);
  if (functionTypes.length !== code.length) {
    const where = sections.find((section) => section.id === 10)?.start ?? bytes.length;
    throw new WasmFormatError(`${functionTypes.length} functions declared, ${code.length} defined`, where);
  }
  return {
    bytes,
    sections,
    types: read(1, readTypeSection),
    imports: read(2, readImportSection),
    functionTypes,
    tables: read(4, readTableSection),
    memories: read(5, readMemorySection),
    globals: read(6, readGlobalSection),
    exports: read(7, readExportSection),
    start: read(8, (reader) => [reader.u32()])[0] ?? null,
    elements: read(9, readElementSection),
    code,
    data: read(11, readDataSection),
    dataCount: read(12, (reader) => [reader.u32()])[0] ?? null,
    tags: read(13, (reader) => reader.vector(() => (reader.u8(), reader.u32()))),
    names: namesOf(bytes, sections),
    sourceMapUrl: sourceMapUrlOf(bytes, sections),
  };
}

function namesOf(bytes: Uint8Array, sections: readonly Section[]): NameMaps {
  const section = sections.find(({ id, name }) => id === 0 && name === "name");
  return section ? readNameSection(bytes, section.payload) : NO_NAMES;
}

function sourceMapUrlOf(bytes: Uint8Array, sections: readonly Section[]): string | null {
  const section = sections.find(({ id, name }) => id === 0 && name === "sourceMappingURL");
  if (!section) return null;
  try {
    return new ByteReader(bytes, section.payload.start, section.payload.end).name();
  } catch (error) {
    if (error instanceof WasmFormatError) return null;
    throw error;
  }
}

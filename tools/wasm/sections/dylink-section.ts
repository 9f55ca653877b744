/**
 * The `dylink.0` custom section of a shared library: how much memory its loader
 * gives it, from `__memory_base` on.
 * Spec: WebAssembly tool conventions, DynamicLinking.md
 */
import { ByteReader, WasmFormatError } from "../byte-reader.js";
import type { CoreModule } from "../core-module.js";

const MEMORY_INFO = 1;

/** Bytes of memory that the library needs; null for a module that is none. */
export function dylinkMemoryBytes({ bytes, sections }: CoreModule): number | null {
  const section = sections.find(({ id, name }) => id === 0 && (name === "dylink.0" || name === "dylink"));
  if (!section) return null;
  const reader = new ByteReader(bytes, section.payload.start, section.payload.end);
  try {
    if (section.name === "dylink") return reader.u32();
    while (!reader.done) {
      const id = reader.u8();
      const part = reader.window(reader.u32());
      if (id === MEMORY_INFO) return part.u32();
    }
    return null;
  } catch (error) {
    if (error instanceof WasmFormatError) return null;
    throw error;
  }
}

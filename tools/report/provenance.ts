/** Where a module comes from, by what it says itself. */
import { type BuildRecord, readRecord } from "../provenance/build-record.js";
import { WasmFormatError } from "../wasm/byte-reader.js";
import type { CoreModule } from "../wasm/core-module.js";
import { type Producer, readProducers } from "../wasm/sections/producers-section.js";

/** What the module says. Whether it is true, `rill verify` says. */
export interface Provenance {
  readonly producers: readonly Producer[];
  /** How `rill build` built it; null for other modules and stripped ones. */
  readonly build: BuildRecord | null;
}

/** Reads it; what is damaged counts as not there, and a note says so. */
export function provenanceOf(module: CoreModule): {
  readonly provenance: Provenance;
  readonly notes: string[];
} {
  const record = readRecord(module.bytes);
  const notes = record === "damaged" ? ["Its record of the build is damaged."] : [];
  let producers: Producer[] = [];
  try {
    producers = producersOf(module);
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    notes.push("Its producers section is damaged.");
  }
  return { provenance: { producers, build: record === "damaged" ? null : record }, notes };
}

function producersOf({ bytes, sections }: CoreModule): Producer[] {
  const section = sections.find(({ id, name }) => id === 0 && name === "producers");
  return section ? readProducers(bytes, section.payload) : [];
}

/** The `producers` custom section (tool conventions): languages, compilers and SDKs that made a module. */
import { ByteReader } from "../byte-reader.js";
import type { ByteRange } from "../core-module.js";

/** One entry: `language`, `processed-by` or `sdk`, with a name and a version. */
export interface Producer {
  readonly field: string;
  readonly name: string;
  readonly version: string;
}

/**
 * Reads the section's payload.
 * Errors: WasmFormatError where it is malformed
 */
export function readProducers(bytes: Uint8Array, payload: ByteRange): Producer[] {
  const reader = new ByteReader(bytes, payload.start, payload.end);
  return reader
    .vector(() => {
      const field = reader.name();
      return reader.vector(() => ({ field, name: reader.name(), version: reader.name() }));
    })
    .flat();
}

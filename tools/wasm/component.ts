/** A component's outline: the core modules that lie in it, so that the report can offer to look inside. */
import type { ByteRange } from "./core-module.js";
import { HEADER_BYTES, readSections } from "./read-module.js";

const CORE_MODULE_SECTION = 1;
const COMPONENT_SECTION = 4;

/** The core modules of the component in `bytes`, those of nested components too, in file order. */
export function coreModulesIn(bytes: Uint8Array, start = 0, end = bytes.length): ByteRange[] {
  const found: ByteRange[] = [];
  for (const { id, payload } of readSections(bytes, start, end)) {
    if (id === CORE_MODULE_SECTION) found.push(payload);
    else if (id === COMPONENT_SECTION && payload.end - payload.start >= HEADER_BYTES) {
      found.push(...coreModulesIn(bytes, payload.start, payload.end));
    }
  }
  return found;
}

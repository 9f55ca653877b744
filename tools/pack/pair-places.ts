/** What the streams and futures within a guest take in the host's tables: those of `as-rill/pairs`. */
import { builtins, type GuestDescriptor } from "../c-host/descriptor.js";
import { readRecord } from "../provenance/build-record.js";
import { PAIR_TYPES_ID } from "../wit/pair-types.js";

/** Places for open ends of each type, where `rill build` was not told another number. */
const DEFAULT_ENDS = 4;
/** Of each: both ends, and the waitable set of each. */
const PAIR_HANDLES = 4;
const NEW = builtins.indexOf("new");

/** How many may be open at once: of each type that the module makes, as many as there are places. */
export function pairStreams(core: Uint8Array, { imports }: GuestDescriptor): number {
  const types = imports.filter(({ module, builtin }) => module === PAIR_TYPES_ID && builtin === NEW).length;
  if (types === 0) return 0;
  const record = readRecord(core);
  const places = (record === null || record === "damaged" ? null : record.ends) ?? DEFAULT_ENDS;
  return types * places;
}

/** Handles of as many. */
export function pairHandles(core: Uint8Array, descriptor: GuestDescriptor): number {
  return PAIR_HANDLES * pairStreams(core, descriptor);
}

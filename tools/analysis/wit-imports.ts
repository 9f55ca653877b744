/** What a guest's imports and exports carry, learned from the WIT that `rill build` leaves in the module. */
import { decodeComponentType } from "../wit/component-type.js";
import { type CoreMeaning, coreExports } from "../wit/core-names.js";
import { elemSize, isPointerFree } from "../wit/layout.js";
import { asyncLifted, callbackName, describeExport, describeImport } from "../wit/canonical-names.js";
import type { KnownNames } from "./allocation-doubts.js";
import { guestImports } from "../wit/pair-types.js";

/** Element bytes of the stream that import `field` of `module` copies; null when not known. */
export type ElementBytes = (module: string, field: string) => number | null;

/** The imports of one module. */
export interface WitImports extends KnownNames {
  /** Bytes of a stream's elements; null where the module carries no WIT. */
  readonly elementBytes: ElementBytes;
  /** What an import of the module's world is; undefined for any other. */
  readonly meaningOf: (module: string, field: string) => CoreMeaning | undefined;
  /**
   * Whether the host may lower strings or lists while the guest is in this
   * import, and so call `cabi_realloc`.
   */
  readonly lowersPointers: (module: string, field: string) => boolean;
}

/** Built-ins in which the results of copies and calls that were begun earlier may arrive. */
const WAITING: ReadonlySet<string> = new Set([
  "waitable-set.wait",
  "waitable-set.poll",
  "subtask.cancel",
  "thread.yield",
]);
const READING = /^(stream|future)\.(cancel-)?read$/;

/** Imports of WASI's first preview answer an error's number, and nothing else. */
const PREVIEW_1 = /^wasi_(snapshot_preview1|unstable)$/;
const CALLBACK = callbackName("");

/**
 * Reads the WIT in `core`; without one, every import that can lower pointers at all is taken to do so.
 * @param inside whether the module lies in a component, which gives canonical names their meaning
 */
export function witImports(core: Uint8Array, inside = false): WitImports {
  const { meanings, exported } = meaningsOf(core);
  const known: KnownNames = {
    isKnownImport: (module, field) => {
      if (meanings.has(`${module} ${field}`) || PREVIEW_1.test(module)) return true;
      const builtin = describeImport(module, field);
      return builtin !== null && (inside || builtin !== "lowered function");
    },
    isKnownExport: (name) =>
      exported.has(name) ||
      asyncLifted(name) !== null ||
      name.startsWith(CALLBACK) ||
      (inside && describeExport(name) !== null),
  };
  const meaningOf = (module: string, field: string): CoreMeaning | undefined =>
    meanings.get(`${module} ${field}`);
  if (meanings.size === 0)
    return { elementBytes: () => null, lowersPointers: canonicalNameLowers, meaningOf, ...known };
  const anyLowers = [...meanings.values()].some(lowers);
  return {
    ...known,
    meaningOf,
    elementBytes: (module, field) => {
      const meaning = meaningOf(module, field);
      if (meaning?.kind !== "copy") return null;
      return meaning.element ? elemSize(meaning.element) : 0;
    },
    lowersPointers: (module, field) => {
      const meaning = meaningOf(module, field);
      if (!meaning) return false;
      return lowers(meaning) || (anyLowers && meaning.kind === "builtin" && WAITING.has(meaning.builtin));
    },
  };
}

interface Meanings {
  readonly meanings: ReadonlyMap<string, CoreMeaning>;
  readonly exported: ReadonlySet<string>;
}

function meaningsOf(core: Uint8Array): Meanings {
  try {
    const world = decodeComponentType(core);
    if (world === null) return NO_MEANINGS;
    return {
      meanings: new Map(
        guestImports(world).map(({ module, name, meaning }) => [`${module} ${name}`, meaning]),
      ),
      exported: new Set(coreExports(world).map(({ name }) => name)),
    };
  } catch {
    // A section that cannot be decoded costs the map its slot sizes, nothing more.
    return NO_MEANINGS;
  }
}

const NO_MEANINGS: Meanings = { meanings: new Map(), exported: new Set() };

function lowers(meaning: CoreMeaning): boolean {
  if (meaning.kind === "call") return meaning.func.result !== null && !isPointerFree(meaning.func.result);
  if (meaning.kind !== "copy" || !READING.test(meaning.builtin)) return false;
  return meaning.element !== null && !isPointerFree(meaning.element);
}

function canonicalNameLowers(module: string, field: string): boolean {
  const builtin = describeImport(module, field);
  if (builtin === null) return false;
  return builtin === "lowered function" || READING.test(builtin) || WAITING.has(builtin);
}

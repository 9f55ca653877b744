/** What a guest's imports carry, learned from the WIT that `rill build` leaves in the module. */
import { decodeComponentType } from "../wit/component-type.js";
import { type CoreMeaning, coreImports } from "../wit/core-names.js";
import { elemSize, isPointerFree } from "../wit/layout.js";
import { describeImport } from "../wit/canonical-names.js";

/** Element bytes of the stream that import `field` of `module` copies; null when not known. */
export type ElementBytes = (module: string, field: string) => number | null;

/** The imports of one module. */
export interface WitImports {
  /** Bytes of a stream's elements; null where the module carries no WIT. */
  readonly elementBytes: ElementBytes;
  /** Whether the host may lower strings or lists while the guest is in this import, and so call `cabi_realloc`. */
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

/** Reads the WIT in `core`; without one, every import that can lower pointers at all is taken to do so. */
export function witImports(core: Uint8Array): WitImports {
  const meanings = meaningsOf(core);
  if (meanings.size === 0) return { elementBytes: () => null, lowersPointers: canonicalNameLowers };
  const anyLowers = [...meanings.values()].some(lowers);
  const meaningOf = (module: string, field: string): CoreMeaning | undefined =>
    meanings.get(`${module} ${field}`);
  return {
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

function meaningsOf(core: Uint8Array): ReadonlyMap<string, CoreMeaning> {
  try {
    const world = decodeComponentType(core);
    const imports = world ? coreImports(world) : [];
    return new Map(imports.map(({ module, name, meaning }) => [`${module} ${name}`, meaning]));
  } catch {
    // A section that cannot be decoded costs the map its slot sizes, nothing more.
    return new Map();
  }
}

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

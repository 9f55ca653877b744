/** Where two binaries differ first, in the words of WebAssembly: the section, and the function in it. */
import { functionSpace } from "../wasm/function-space.js";
import { coreModulesIn } from "../wasm/component.js";
import type { Section } from "../wasm/core-module.js";
import { layerOf, readModule, readSections } from "../wasm/read-module.js";

/** A place in a binary. */
export interface Difference {
  /** `code`, `custom "rill-build"`, ... */
  readonly section: string;
  /** The function whose code it is; null elsewhere. */
  readonly function: string | null;
  /** Of the first byte that differs, from the start of the module in question. */
  readonly offset: number;
  /** Number of the core module in a component; null for what is not inside one. */
  readonly core: number | null;
}

/** @returns null when the bytes are the same */
export function firstDifference(given: Uint8Array, built: Uint8Array): Difference | null {
  const offset = firstOffset(given, built);
  if (offset === null) return null;
  if (layerOf(given) === "component" && layerOf(built) === "component") {
    const cores = [given, built].map((bytes) =>
      coreModulesIn(bytes).map(({ start, end }) => bytes.slice(start, end)),
    );
    for (const [core, module] of cores[0]!.entries()) {
      const difference = firstDifference(module, cores[1]![core] ?? new Uint8Array());
      if (difference) return { ...difference, core };
    }
    return { section: sectionAt(readSections(given), offset), function: null, offset, core: null };
  }
  const section = differingSection(given, built) ?? sectionAt(readSections(given), offset);
  return { section, function: section === "code" ? functionAt(given, offset) : null, offset, core: null };
}

function firstOffset(given: Uint8Array, built: Uint8Array): number | null {
  const offset = given.findIndex((byte, at) => byte !== built[at]);
  if (offset >= 0) return offset;
  return given.length === built.length ? null : given.length;
}

/** The first section, in the order of the file, that is not byte for byte the same in both. */
function differingSection(given: Uint8Array, built: Uint8Array): string | null {
  const [ours, theirs] = [given, built].map((bytes) =>
    layerOf(bytes) === "module" ? readSections(bytes) : [],
  ) as [Section[], Section[]];
  const bytesOf = (bytes: Uint8Array, { start, end }: Section): Buffer =>
    Buffer.from(bytes.subarray(start, end));
  const found = ours.find((section, index) => {
    const other = theirs[index];
    return !other || !bytesOf(given, section).equals(bytesOf(built, other));
  });
  return found ? sectionLabel(found) : theirs[ours.length] ? sectionLabel(theirs[ours.length]!) : null;
}

function sectionAt(sections: readonly Section[], offset: number): string {
  const found = sections.find(({ start, end }) => offset >= start && offset < end);
  return found ? sectionLabel(found) : "header";
}

function sectionLabel({ id, name }: Section): string {
  return id === 0 ? `custom ${JSON.stringify(name)}` : name;
}

function functionAt(bytes: Uint8Array, offset: number): string | null {
  const found = functionSpace(readModule(bytes)).find(
    ({ code }) => code && offset >= code.start && offset < code.end,
  );
  return found?.name ?? null;
}

/** The linear memories in the report: how much there is, what is used, and what lies where. */
import type { ElementBytes } from "../analysis/wit-imports.js";
import { drawMemoryMap, type MemoryRegion } from "./analysis/memory-map.js";
import { memorySources, type SourceMemory } from "./analysis/memory-sources.js";
import { NO_MEMORY, readStaticMemories, type StaticMemory } from "./analysis/static-memory.js";
import { type StaticObject, staticObjects } from "./analysis/static-names.js";
import type { Analysis } from "./analysis.js";
import type { LinearMemory } from "./model.js";

/** Describes every memory. @param elementBytes what the WIT says of the items that an import copies */
export function linearMemories(
  analysis: Pick<Analysis, "input" | "functions" | "facts" | "attribution" | "map" | "places">,
  elementBytes: ElementBytes,
): readonly LinearMemory[] {
  const { functions, facts, attribution, map, places } = analysis;
  const { module } = analysis.input;
  const named = staticObjects(map?.staticMemory ?? []);
  const asRill = attribution.functions.some(({ origins }) =>
    origins.some(([origin]) => origin === "library"),
  );
  return readStaticMemories(module, facts).map((memory) => {
    const objects = memory.index === 0 ? named : [];
    const known = { placeOf: (at: number) => places.at(at), elementBytes, asRill, objects };
    const regions = drawMemoryMap(module, functions, facts, memory, known);
    const declared = memory.index === 0 ? (map?.staticMemory ?? []) : [];
    const bySource = memorySources(memory, regions, declared, facts, known.placeOf);
    return described(memory, regions, objects, bySource);
  });
}

/** What a module without memory has. */
export const noLinearMemory: LinearMemory = described(NO_MEMORY, [], [], []);

function described(
  memory: StaticMemory,
  regions: readonly MemoryRegion[],
  objects: readonly StaticObject[],
  bySource: readonly SourceMemory[],
): LinearMemory {
  const { limits } = memory;
  return {
    index: memory.index,
    name: memory.name,
    imported: memory.imported,
    shared: limits.shared,
    memory64: limits.memory64,
    page_bytes: 2 ** limits.pageSizeLog2,
    initial_bytes: memory.initialBytes,
    maximum_bytes: memory.maximumBytes,
    used_bytes: memory.usedBytes,
    used_by: memory.usedBy,
    used_is_at_least: memory.isAtLeast,
    base: memory.base,
    heap_base: memory.heapBase,
    data_end: memory.dataEnd,
    stack_pointer: memory.stackPointer,
    shrinks_on_wamr: memory.shrinks,
    shrink_obstacles: memory.obstacles,
    regions: regions.map(({ start, byteLength, kind, label }) => ({
      address: start,
      bytes: byteLength,
      kind,
      label,
    })),
    by_source: bySource.map(({ file, byteLength }) => ({ file, bytes: byteLength })),
    objects,
  };
}

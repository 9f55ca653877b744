/** The linear memory part of the report: how much there is, what is used, and what lies where. */
import type { ElementBytes } from "../analysis/wit-imports.js";
import { drawMemoryMap } from "./analysis/memory-map.js";
import { readStaticMemory } from "./analysis/static-memory.js";
import { staticObjects } from "./analysis/static-names.js";
import type { Analysis } from "./analysis.js";
import type { Report } from "./model.js";

/** Describes it. @param elementBytes what the WIT says of the items that an import copies */
export function linearMemory(
  analysis: Pick<Analysis, "input" | "functions" | "facts" | "attribution" | "map" | "places">,
  elementBytes: ElementBytes,
): Report["linear_memory"] {
  const { functions, facts, attribution, map, places } = analysis;
  const { module } = analysis.input;
  const memory = readStaticMemory(module, facts);
  const objects = staticObjects(map?.staticMemory ?? []);
  const regions = drawMemoryMap(module, functions, facts, memory, {
    placeOf: (at) => places.at(at),
    elementBytes,
    asRill: attribution.functions.some(({ origins }) => origins.some(([origin]) => origin === "library")),
    objects,
  });
  return {
    initial_bytes: memory.initialBytes,
    maximum_bytes: memory.maximumBytes,
    used_bytes: memory.usedBytes,
    used_by: memory.usedBy,
    heap_base: memory.heapBase,
    data_end: memory.dataEnd,
    shrinks_on_wamr: memory.shrinks,
    shrink_obstacles: memory.obstacles,
    regions: regions.map(({ start, byteLength, kind, label }) => ({
      address: start,
      bytes: byteLength,
      kind,
      label,
    })),
    objects,
  };
}

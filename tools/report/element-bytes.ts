/** Element types of a guest's streams, learned from the WIT that `rill build` leaves in the module. */
import { decodeComponentType } from "../wit/component-type.js";
import { coreImports } from "../wit/core-names.js";
import { elemSize } from "../wit/layout.js";
import type { ElementBytes } from "./analysis/memory-map.js";

/** Answers the element bytes of a stream import; null for modules that carry no WIT. */
export function elementBytesOf(core: Uint8Array): ElementBytes {
  const sizes = new Map<string, number>();
  try {
    const world = decodeComponentType(core);
    for (const { module, name, meaning } of world ? coreImports(world) : []) {
      if (meaning.kind === "copy")
        sizes.set(`${module} ${name}`, meaning.element ? elemSize(meaning.element) : 0);
    }
  } catch {
    // A section that cannot be decoded costs the map its slot sizes, nothing more.
    return () => null;
  }
  return (module, field) => sizes.get(`${module} ${field}`) ?? null;
}

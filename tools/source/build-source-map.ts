/**
 * What `rill build` adds to Binaryen's source map, so that a report can show
 * code and static memory by their source.
 */
import type { StaticPlace } from "./static-places.js";

/**
 * Name of the field with the module's static memory. Source maps leave `x_` to
 * tools, and others pass over it.
 */
export const STATIC_MEMORY_FIELD = "x_rill_static_memory";

/** `map`, a source map's JSON, with the text of each source and the places of static memory. */
export function completeSourceMap(
  map: string,
  texts: ReadonlyMap<string, string>,
  places: readonly StaticPlace[],
): string {
  const parsed = JSON.parse(map) as { readonly sources: readonly string[] };
  const sourcesContent = parsed.sources.map((source) => texts.get(source) ?? null);
  return JSON.stringify({ ...parsed, sourcesContent, [STATIC_MEMORY_FIELD]: places });
}

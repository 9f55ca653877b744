/** Where a failure happened: the lines of the author's own sources that led to it. */
import { type EncodedSourceMap, TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
import { posix } from "node:path";
import type { TestResult } from "./aspect-host.js";

/** asc puts all sources into a folder of the module's name. */
const ROOT = /^spec\//;
/** Lines that one failure shows. */
const MOST_PLACES = 4;

/**
 * The places `FILE:LINE:COLUMN` of a failure, the innermost first, without those in libraries and in what was
 * generated.
 * @param map         the module's source map, as JSON
 * @param isGenerated whether a source, by its path, is none of the author's
 */
export function ownPlaces(
  map: string,
  { offsets = [], thrownAt = null }: Pick<TestResult, "offsets" | "thrownAt">,
  isGenerated: (path: string) => boolean,
): string[] {
  const traced = new TraceMap(JSON.parse(map) as EncodedSourceMap);
  const called = offsets.flatMap((offset) => {
    const { source, line, column } = originalPositionFor(traced, { line: 1, column: offset });
    return source === null ? [] : [`${posix.normalize(source).replace(ROOT, "")}:${line}:${column + 1}`];
  });
  const places = thrownAt === null ? called : [thrownAt, ...called];
  const own = places.filter((place) => {
    const path = place.replace(/:\d+:\d+$/, "");
    return !path.startsWith("~lib/") && !isGenerated(path);
  });
  return [...new Set(own)].slice(0, MOST_PLACES);
}

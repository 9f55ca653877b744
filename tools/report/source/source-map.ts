/** A source map of a core module: which source line each byte of code comes from. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import { systemReason } from "../../errors/system-error.js";
import { UserError } from "../../errors/user-error.js";
import { STATIC_MEMORY_FIELD } from "../../build/source-map.js";
import type { StaticPlace } from "../../build/static-places.js";
import type { CoreModule } from "../binary/core-module.js";
import { InstructionReader } from "../binary/instruction-reader.js";

/** The mappings in file order, as parallel arrays. Bytes from `offsets[i]` up to `offsets[i + 1]` are of entry i. */
export interface SourceMap {
  readonly path: string;
  readonly sources: readonly string[];
  /** Text of each source, where the map carries it. */
  readonly contents: readonly (string | null)[];
  readonly offsets: Uint32Array;
  /** Index into `sources`, or -1 where the code has no source. */
  readonly source: Int32Array;
  /** Line, from 1. */
  readonly line: Uint32Array;
  /** Column, from 0. */
  readonly column: Uint32Array;
  /** Static memory by name, as `rill build` writes it; empty in other compilers' maps. */
  readonly staticMemory: readonly StaticPlace[];
}

/** Where the map of the module at `modulePath` lies; null when it has none. Data URLs are answered as they are. */
export function findSourceMap(modulePath: string, url: string | null): string | null {
  if (url?.startsWith("data:")) return url;
  const places = [`${modulePath}.map`];
  if (url !== null && !/^[a-z]+:\/\//.test(url)) places.unshift(resolve(dirname(modulePath), url));
  return places.find((place) => existsSync(place)) ?? null;
}

/**
 * Reads the source map at `place` and checks it against `module`.
 * Errors: UserError when it is unreadable or was made for another file
 */
export function readSourceMap(place: string, module: CoreModule): SourceMap {
  const { map, staticMemory } = parse(place);
  const segments = decodedMappings(map)[0] ?? [];
  const offsets = Uint32Array.from(segments, ([column]) => column);
  const source = Int32Array.from(segments, (segment) => (segment.length > 1 ? segment[1]! : -1));
  const line = Uint32Array.from(segments, (segment) => (segment.length > 1 ? segment[2]! + 1 : 0));
  const column = Uint32Array.from(segments, (segment) => (segment.length > 1 ? segment[3]! : 0));
  const path = place.startsWith("data:") ? "(inline source map)" : place;
  // asc's sourceRoot ("./NAME") is no folder that exists, so the sources count as they are written.
  const sources = map.sources.map((name) => name ?? "");
  const contents = sources.map((_, index) => map.sourcesContent?.[index] ?? null);
  const result = { path, sources, contents, offsets, source, line, column, staticMemory };
  requireMatch(result, module);
  return result;
}

function parse(place: string): { map: TraceMap; staticMemory: readonly StaticPlace[] } {
  let text: string;
  try {
    text = place.startsWith("data:")
      ? Buffer.from(place.slice(place.indexOf(",") + 1), "base64").toString()
      : readFileSync(place, "utf8");
  } catch (error) {
    throw new UserError(`cannot read the source map ${place}: ${systemReason(error)}`);
  }
  try {
    return { map: new TraceMap(text), staticMemory: staticMemoryOf(text) };
  } catch (error) {
    throw new UserError(
      `${place.slice(0, 200)} is not a source map (${(error as Error).message}); build again, or pass --no-source-map`,
    );
  }
}

/** Refuses a map whose mappings do not all lie at instructions of `module`: it was made for another file. */
function requireMatch(map: SourceMap, module: CoreModule): void {
  const { offsets } = map;
  const refuse = (offset: number): never => {
    throw new UserError(
      `the source map ${map.path} does not match this module: it maps byte ${offset}, where no instruction starts; ` +
        "build both again, or pass --no-source-map",
    );
  };
  let at = 0;
  const reader = new InstructionReader(module.bytes);
  for (const { start, end, body, code } of module.code) {
    while (at < offsets.length && offsets[at]! < code) {
      // A mapping may stand at the function's length, at its declarations, or (its end) at the next function.
      const offset = offsets[at]!;
      if (offset !== start && offset !== body.start) refuse(offset);
      at++;
    }
    reader.reset(code, end);
    while (!reader.done && at < offsets.length && offsets[at]! < end) {
      reader.next();
      while (at < offsets.length && offsets[at]! < reader.offset) {
        if (offsets[at] !== reader.start) refuse(offsets[at]!);
        at++;
      }
    }
  }
  const codeEnd = module.code.at(-1)?.end ?? 0;
  if (at < offsets.length && offsets[at] !== codeEnd) refuse(offsets[at]!);
}

function staticMemoryOf(text: string): readonly StaticPlace[] {
  if (!text.includes(`"${STATIC_MEMORY_FIELD}"`)) return [];
  const places = (JSON.parse(text) as Record<string, unknown>)[STATIC_MEMORY_FIELD];
  return Array.isArray(places) ? places.filter(isPlace) : [];
}

function isPlace(value: unknown): value is StaticPlace {
  const { name, address, bytes } = value as Partial<StaticPlace>;
  return typeof name === "string" && Number.isInteger(address) && Number.isInteger(bytes);
}

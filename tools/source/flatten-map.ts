/**
 * The mappings of a source map's JSON, with or without sections, as one list;
 * nothing in the JSON is believed.
 */
import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";

/** A mapping of the first line, which is all that a binary has. */
export interface Mapping {
  readonly offset: number;
  /** Index of the source, or -1 where the code has none. */
  readonly source: number;
  /** Line, from 1; 0 without a source. */
  readonly line: number;
  /** Column, from 0; 0 without a source. */
  readonly column: number;
}

/** A source by name, and its text where the map carries it. */
export interface MapSource {
  readonly name: string;
  readonly content: string | null;
}

/** What a source map says. */
export interface FlatMap {
  /** By offset, ascending. */
  readonly mappings: readonly Mapping[];
  readonly sources: readonly MapSource[];
  /** Mappings whose source or line there is not. */
  readonly unusable: number;
}

/** Sections inside of sections, at most: others are no map that a tool wrote. */
const MAX_NESTING = 8;
const MAX_OFFSET = 0xffff_ffff;
const MAX_LINE = 0x7fff_fffe;

/** Reads `json`. @throws Error when it is no source map */
export function flattenMap(json: unknown): FlatMap {
  const mappings: Mapping[] = [];
  const sources: MapSource[] = [];
  let unusable = 0;
  const add = (map: unknown, from: number, until: number, nesting: number): void => {
    if (!isObject(map)) throw new Error("no JSON object");
    if (Array.isArray(map["sections"])) {
      if (nesting > MAX_NESTING) throw new Error("sections inside of each other without end");
      const parts = map["sections"].map((part: unknown) => sectionOf(part, from));
      parts.forEach(({ at, map: inner }, index) => {
        add(inner, at, Math.min(until, parts[index + 1]?.at ?? until), nesting + 1);
      });
      return;
    }
    if (typeof map["mappings"] !== "string") throw new Error("no mappings");
    const own = sourcesOf(map);
    const first = sources.length;
    sources.push(...own.map((source) => source ?? { name: "", content: null }));
    for (const segment of decoded(map["mappings"])) {
      const offset = from + segment[0];
      if (!(segment[0] >= 0 && offset < until)) {
        unusable++;
        continue;
      }
      const [, source = -1, line = 0, column = 0] = segment;
      const isUsable = Boolean(own[source]) && line >= 0 && line <= MAX_LINE && column >= 0;
      if (segment.length > 1 && !isUsable) unusable++;
      mappings.push(
        isUsable
          ? { offset, source: first + source, line: line + 1, column }
          : { offset, source: -1, line: 0, column: 0 },
      );
    }
  };
  add(json, 0, MAX_OFFSET, 0);
  mappings.sort((a, b) => a.offset - b.offset);
  return { mappings, sources, unusable };
}

function decoded(mappings: string): readonly (readonly [number, number?, number?, number?, number?])[] {
  if (!/^[A-Za-z0-9+/,;]*$/.test(mappings))
    throw new Error("mappings contain a character that is not base64");
  return decodedMappings(new TraceMap({ version: 3, names: [], sources: [], mappings }))[0] ?? [];
}

function sectionOf(part: unknown, from: number): { readonly at: number; readonly map: unknown } {
  const offset = isObject(part) ? part["offset"] : null;
  if (!isObject(part) || !isObject(offset)) throw new Error("a section without offset");
  const { line, column } = offset;
  if (line !== 0 || !Number.isInteger(column) || (column as number) < 0)
    throw new Error("a section that begins at no byte of a binary");
  return { at: from + (column as number), map: part["map"] };
}

/** The sources of a map without sections; null for what is no name. */
function sourcesOf(map: Record<string, unknown>): readonly (MapSource | null)[] {
  const { sources, sourcesContent } = map;
  if (!Array.isArray(sources)) return [];
  const contents: readonly unknown[] = Array.isArray(sourcesContent) ? sourcesContent : [];
  return sources.map((name: unknown, index) => {
    const content = contents[index];
    return typeof name === "string" ? { name, content: typeof content === "string" ? content : null } : null;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

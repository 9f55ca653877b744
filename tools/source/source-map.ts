/** A source map of a core module: which source line each byte of code comes from. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { systemReason } from "../errors/system-error.js";
import { UserError } from "../errors/user-error.js";
import { STATIC_MEMORY_FIELD } from "./build-source-map.js";
import type { StaticPlace } from "./static-places.js";
import type { CoreModule } from "../wasm/core-module.js";
import { InstructionReader } from "../wasm/instruction-reader.js";
import { type FlatMap, flattenMap } from "./flatten-map.js";

/**
 * The mappings in file order, as parallel arrays. Bytes from `offsets[i]` up to
 * `offsets[i + 1]` are of entry i.
 */
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

/**
 * Where the map of the module at `modulePath` lies; null when it has none. Data
 * URLs are answered as they are.
 */
export function findSourceMap(modulePath: string, url: string | null): string | null {
  if (url?.startsWith("data:")) return url;
  const places = [`${modulePath}.map`];
  if (url !== null && !/^[a-z]+:\/\//.test(url)) places.unshift(resolve(dirname(modulePath), url));
  return places.find((place) => existsSync(place)) ?? null;
}

/** A source map, and what of it could not be used. */
export interface ReadMap {
  readonly map: SourceMap;
  /** Null when all of it was used. */
  readonly warning: string | null;
}

/**
 * Reads the source map at `place` and checks it against `module`. Mappings that name no source of its list,
 * or a place that no file has, count as code without a source.
 * Errors: UserError when it is unreadable or was made for another file
 */
export function readSourceMap(place: string, module: CoreModule): ReadMap {
  const path = place.startsWith("data:") ? "(inline source map)" : place;
  const { mappings, sources, unusable, staticMemory } = parse(place, path);
  const result: SourceMap = {
    path,
    sources: sources.map(({ name }) => name),
    contents: sources.map(({ content }) => content),
    offsets: Uint32Array.from(mappings, ({ offset }) => offset),
    source: Int32Array.from(mappings, ({ source }) => source),
    line: Uint32Array.from(mappings, ({ line }) => line),
    column: Uint32Array.from(mappings, ({ column }) => column),
    staticMemory,
  };
  requireMatch(result, module);
  const warning =
    unusable === 0
      ? null
      : `the source map ${path} is damaged: mappings that name no source of its list or no line: ${unusable}; the report leaves those places out`;
  return { map: result, warning };
}

function parse(place: string, path: string): FlatMap & { staticMemory: readonly StaticPlace[] } {
  let text: string;
  try {
    text = place.startsWith("data:") ? dataOf(place) : readFileSync(place, "utf8");
  } catch (error) {
    throw new UserError(`cannot read the source map ${path}: ${systemReason(error)}`);
  }
  try {
    // The first line may be ")]}'", which keeps a browser from running the file.
    const json: unknown = JSON.parse(text.replace(/^\uFEFF?\)\]\}'?[^\n]*\n?/, "").replace(/^\uFEFF/, ""));
    return { ...flattenMap(json), staticMemory: staticMemoryOf(json) };
  } catch (error) {
    throw new UserError(
      `${path} is not a source map (${(error as Error).message}); build again, or pass --no-source-map`,
    );
  }
}

function dataOf(url: string): string {
  const comma = url.indexOf(",");
  const content = url.slice(comma + 1);
  return /;base64$/i.test(url.slice(0, comma))
    ? Buffer.from(content, "base64").toString()
    : decodeURIComponent(content);
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

function staticMemoryOf(json: unknown): readonly StaticPlace[] {
  const places = (json as Record<string, unknown>)[STATIC_MEMORY_FIELD];
  return Array.isArray(places) ? places.filter(isPlace) : [];
}

function isPlace(value: unknown): value is StaticPlace {
  if (value === null || typeof value !== "object") return false;
  const { name, address, bytes } = value as Partial<StaticPlace>;
  return typeof name === "string" && Number.isInteger(address) && Number.isInteger(bytes);
}

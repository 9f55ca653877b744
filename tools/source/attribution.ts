/**
 * Spreads the code's bytes over functions, source lines and origins; every byte
 * of a function is counted once.
 */
import type { CoreModule } from "../wasm/core-module.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import { type Origin, originOfName, originOfSource } from "./origin.js";
import type { SourceMap } from "./source-map.js";

const CALLERS_FIRST: readonly Origin[] = ["user", "bindings", "library", "runtime"];

/** A line of a source file. `source` indexes the map's sources. */
export interface SourceLine {
  readonly source: number;
  readonly line: number;
}

/** What the bytes of one function come from. */
export interface FunctionSources {
  readonly origin: Origin;
  /** Where the function starts in the source, null when unknown. */
  readonly at: SourceLine | null;
  /** Bytes by origin: code that was inlined counts where it was written. */
  readonly origins: OriginBytes;
}

/**
 * Bytes by origin, each origin once. Pairs and no map: big modules have one for each of very many functions.
 */
export type OriginBytes = readonly (readonly [origin: Origin, bytes: number])[];

/** Which source line each byte belongs to. */
export interface Attribution {
  /** By defined function, in code order. */
  readonly functions: readonly FunctionSources[];
  /** Bytes by source, then line; line 0 is never used. */
  readonly lines: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** Bytes of code that no source line claims. */
  readonly unmappedBytes: number;
}

/** Attributes all code of `module`. Without a map functions go by their names. */
export function attributeCode(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  map: SourceMap | null,
): Attribution {
  const defined = functions.filter((info) => info.code !== null);
  if (!map) {
    const byName = defined.map((info) => nameOnly(info));
    return { functions: byName, lines: new Map(), unmappedBytes: total(defined) };
  }
  const origins = map.sources.map((source) => originOfSource(source, map.path));
  const walk = new MapWalk(map);
  const sources = defined.map((info) => walk.function(info, origins));
  return { functions: sources, lines: walk.lines, unmappedBytes: walk.unmapped };
}

function nameOnly(info: FunctionInfo): FunctionSources {
  const origin = originOfName(info.name);
  return { origin, at: null, origins: [[origin, info.code!.end - info.code!.start]] };
}

function total(functions: readonly FunctionInfo[]): number {
  return functions.reduce((sum, { code }) => sum + code!.end - code!.start, 0);
}

/** Goes through the map once, beside the functions. */
class MapWalk {
  readonly lines = new Map<number, Map<number, number>>();
  unmapped = 0;
  private at = 0;

  constructor(private readonly map: SourceMap) {}

  function(info: FunctionInfo, origins: readonly Origin[]): FunctionSources {
    const { offsets, source, line } = this.map;
    const { start, code, end } = info.code!;
    const bytes = new Map<Origin, number>();
    const firsts = new Map<Origin, SourceLine>();
    let mapped = 0;
    while (this.at < offsets.length && offsets[this.at]! < code) this.at++;
    for (; this.at < offsets.length && offsets[this.at]! < end; this.at++) {
      const index = source[this.at]!;
      if (index < 0) continue;
      const until = Math.min(end, offsets[this.at + 1] ?? end);
      const length = until - offsets[this.at]!;
      const at = { source: index, line: line[this.at]! };
      const origin = origins[index]!;
      firsts.set(origin, earlier(firsts.get(origin), at));
      bytes.set(origin, (bytes.get(origin) ?? 0) + length);
      this.count(at, length);
      mapped += length;
    }
    const own = ownOrigin(info, firsts);
    const rest = end - start - mapped;
    this.unmapped += rest;
    bytes.set(own, (bytes.get(own) ?? 0) + rest);
    return { origin: own, at: firsts.get(own) ?? firsts.values().next().value ?? null, origins: [...bytes] };
  }

  private count({ source, line }: SourceLine, length: number): void {
    let file = this.lines.get(source);
    if (!file) this.lines.set(source, (file = new Map<number, number>()));
    file.set(line, (file.get(line) ?? 0) + length);
  }
}

/**
 * Whose function it is: by its name where that tells. Else user's code, bindings, library and runtime in this
 * order, for code is inlined into its callers and never the other way.
 */
function ownOrigin(info: FunctionInfo, firsts: ReadonlyMap<Origin, SourceLine>): Origin {
  const byName = info.named ? originOfName(info.name) : "code";
  if (byName !== "code" && byName !== "user") return byName;
  return CALLERS_FIRST.find((origin) => firsts.has(origin)) ?? byName;
}

/**
 * Keeps the first file seen and its smallest line: an inlined callee of another
 * file does not move the function.
 */
function earlier(first: SourceLine | undefined, at: SourceLine): SourceLine {
  if (first === undefined) return at;
  return first.source === at.source && at.line < first.line ? at : first;
}

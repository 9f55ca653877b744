/** Puts the whole report of one module together; everything that needs no running. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { UserError } from "../errors/user-error.js";
import { type AllocationVerdict, judgeAllocation } from "../analysis/allocation-verdict.js";
import { allocationEvidence } from "../analysis/allocation-evidence.js";
import { buildCallGraph, type CallGraph } from "../analysis/call-graph.js";
import { findKeepers, retainedBytes } from "../analysis/dominators.js";
import { FactWalker, type FunctionFacts } from "../analysis/function-facts.js";
import { findReentry } from "../analysis/reentry.js";
import { WasmFormatError } from "../wasm/byte-reader.js";
import type { CoreModule } from "../wasm/core-module.js";
import { withoutCustomSections } from "../wasm/read-module.js";
import { type FunctionInfo, functionSpace } from "../wasm/function-space.js";
import type { Analysis } from "./analysis.js";
import { summarizeExports, summarizeImports } from "./import-summary.js";
import { linearMemories, noLinearMemory } from "./linear-memory.js";
import { type ReportInput, unreadable } from "./load-input.js";
import {
  type Allocation,
  type OriginBytes,
  type Part,
  type Report,
  REPORT_VERSION,
  type ReportFunction,
} from "./model.js";
import { cutIntoParts } from "./parts.js";
import { provenanceOf } from "./provenance.js";
import { type Attribution, attributeCode } from "../source/attribution.js";
import { fillGaps } from "../source/fill-gaps.js";
import { ORIGINS, type Origin } from "../source/origin.js";
import { SourcePlaces } from "../source/source-places.js";
import { findSourceMap, readSourceMap, type SourceMap } from "../source/source-map.js";
import { stackNeeds } from "../analysis/stack-needs.js";
import { worstCases } from "./worst-cases.js";
import { witImports } from "../analysis/wit-imports.js";

/** What a report is built from, beside the module. */
export interface BuildOptions {
  /** Path of the source map; null looks for one beside the module, false does without. */
  readonly sourceMap: string | null | false;
}

/**
 * Analyses `input`.
 * Errors: UserError when the code is malformed or the source map does not match
 */
export function analyse(input: ReportInput, options: BuildOptions): Analysis {
  const { module, bytes } = input;
  const { functions, facts } = walkAll(input);
  const graph = buildCallGraph(module, functions, facts);
  const { map, warnings } = loadMap(input, options);
  const places = new SourcePlaces(map, input.path);
  const attribution = attributeCode(module, functions, map);
  const wit = witImports(bytes, input.inside !== null);
  const verdict = judgeAllocation(module, functions, facts, graph, map, wit);
  const parts = cutIntoParts(module, functions, attribution);
  const reentry = findReentry(functions, wit.lowersPointers);
  const stack = stackNeeds(functions, facts, graph, reentry);
  const memories = linearMemories({ input, functions, facts, attribution, map, places }, wit.elementBytes);
  const { provenance, notes } = provenanceOf(module);
  const report: Report = {
    schema: "as-rill.report",
    version: REPORT_VERSION,
    file: basename(input.path) + (input.inside === null ? "" : ` (core module ${input.inside})`),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    provenance,
    ...sizes(module),
    origins: sumOrigins(parts),
    parts,
    functions: describeFunctions(functions, facts, attribution, places, stack.frames, graph),
    sources: places.files(attribution),
    source_map: {
      path: map ? basename(map.path) : null,
      unmapped_code_bytes: attribution.unmappedBytes,
    },
    source_url: null,
    imports: summarizeImports(module, functions, facts, wit),
    exports: summarizeExports(module),
    linear_memory: memories[0] ?? noLinearMemory,
    memories,
    memory_grow: facts.some(({ grows }) => grows.length > 0),
    allocator_functions: allocatorNames(verdict, functions),
    cabi_realloc: verdict.reallocExport,
    allocation: describeAllocation(verdict, { functions, facts, graph, places }),
    stack: stack.needs,
    worst_cases: worstCases({ module, functions, graph, reentry, places, wit }),
    device: null,
    native: null,
    run: null,
    fit: null,
    budget: null,
    diff: null,
    notes: [...warnings, ...notes, ...notesOn(input, map, verdict, stack.note)],
  };
  return { input, functions, facts, graph, reentry, attribution, map, places, report, warnings };
}

function sizes(
  module: CoreModule,
): Pick<
  Report,
  "file_bytes" | "stripped_bytes" | "gzip_bytes" | "code_bytes" | "data_bytes" | "custom_bytes" | "sections"
> {
  const sections = module.sections.map(({ id, name, start, end, payload }) => {
    return { id, name, offset: start, bytes: end - start, payload_bytes: payload.end - payload.start };
  });
  const sum = (wanted: (section: (typeof sections)[number]) => boolean): number =>
    sections.filter(wanted).reduce((total, { bytes }) => total + bytes, 0);
  const custom = sum(({ id }) => id === 0);
  return {
    file_bytes: module.bytes.length,
    stripped_bytes: module.bytes.length - custom,
    gzip_bytes: gzipSync(withoutCustomSections(module.bytes), { level: 9 }).length,
    code_bytes: sum(({ id, name }) => id !== 0 && name === "code"),
    data_bytes: sum(({ id, name }) => id !== 0 && name === "data"),
    custom_bytes: custom,
    sections,
  };
}

function walkAll(input: ReportInput): { functions: FunctionInfo[]; facts: FunctionFacts[] } {
  try {
    const functions = functionSpace(input.module);
    const walker = new FactWalker(input.module, functions);
    return { functions, facts: functions.filter((info) => info.code).map((info) => walker.walk(info)) };
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    throw unreadable(input.path, error);
  }
}

/**
 * The source map, if there is one. One that nobody named and that cannot be used
 * is passed over with a warning.
 */
function loadMap(
  input: ReportInput,
  { sourceMap }: BuildOptions,
): { readonly map: SourceMap | null; readonly warnings: readonly string[] } {
  if (sourceMap === false || input.inside !== null) return { map: null, warnings: [] };
  const place = sourceMap ?? findSourceMap(input.path, input.module.sourceMapUrl);
  if (place === null) return { map: null, warnings: [] };
  try {
    const { map, warning } = readSourceMap(place, input.module);
    return { map: fillGaps(map, input.module), warnings: warning === null ? [] : [warning] };
  } catch (error) {
    if (sourceMap !== null || !(error instanceof UserError)) throw error;
    return { map: null, warnings: [error.message] };
  }
}

function sumOrigins(parts: readonly Part[]): OriginBytes[] {
  const sums = new Map<Origin, number>();
  for (const { origin, bytes } of parts) sums.set(origin, (sums.get(origin) ?? 0) + bytes);
  return ORIGINS.flatMap((origin) => (sums.has(origin) ? [{ origin, bytes: sums.get(origin)! }] : []));
}

/** Callers that are named of each function, from the nearest on. */
const MOST_CALLERS = 6;

function describeFunctions(
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
  attribution: Attribution,
  places: SourcePlaces,
  frames: (index: number) => number | null,
  graph: CallGraph,
): ReportFunction[] {
  const keepers = findKeepers(graph);
  const retained = retainedBytes(
    keepers,
    functions.map(({ code }) => (code ? code.end - code.start : 0)),
  );
  const wayTo = (index: number): string[] | null => {
    const way: string[] = [];
    let caller = keepers.caller[index];
    if (caller === undefined) return null;
    for (; typeof caller === "number" && way.length < MOST_CALLERS; caller = keepers.caller[caller])
      way.unshift(functions[caller]!.name);
    return way;
  };
  return facts.map(({ info, instructions }, position) => {
    const { start, end, body } = info.code!;
    const { origin, at, origins } = attribution.functions[position]!;
    return {
      index: info.index,
      name: functions[info.index]!.name,
      bytes: end - start,
      body_bytes: end - body.start,
      retained_bytes: retained[info.index]!,
      called_by: wayTo(info.index),
      source: at ? places.format(at) : null,
      origin,
      origins: Object.fromEntries(origins) as Partial<Record<Origin, number>>,
      instructions,
      frame_bytes: frames(info.index),
      exports: info.exports,
    };
  });
}

/** What of the sites is a function, not an instruction. */
const ALLOCATORS: ReadonlySet<string> = new Set(["allocator", "arena", "imported allocator"]);

function allocatorNames(
  { sites, handedOut }: AllocationVerdict,
  functions: readonly FunctionInfo[],
): string[] {
  const named = sites.filter(({ kind }) => ALLOCATORS.has(kind)).map((site) => site.function);
  return [...new Set([...named, ...handedOut].sort((x, y) => x - y).map((index) => functions[index]!.name))];
}

function describeAllocation(
  verdict: AllocationVerdict,
  { functions, facts, graph, places }: Pick<Analysis, "functions" | "facts" | "graph" | "places">,
): Allocation {
  const name = (index: number): string => functions[index]?.name ?? `func[${index}]`;
  const where = (at: number | null): string | null => (at === null ? null : places.at(at));
  return {
    verdict: verdict.verdict,
    evidence: allocationEvidence(verdict, functions, facts, graph),
    reasons: verdict.doubts.map(({ kind, name: who, why, at }) => ({
      kind,
      name: who,
      why,
      source: where(at),
    })),
    leading: verdict.leading,
    sites: verdict.sites.map((site) => ({
      function: name(site.function),
      kind: site.kind,
      source: where(site.at),
    })),
    paths: verdict.paths.map(({ root, chain, site }) => ({
      export: root,
      chain: chain.map((step) => ({ function: name(step.function), source: where(step.at) })),
      kind: site.kind,
      source: where(site.at),
    })),
  };
}

function notesOn(
  input: ReportInput,
  map: SourceMap | null,
  verdict: AllocationVerdict,
  stackNote: string | null,
): string[] {
  const notes: string[] = [];
  if (!map) {
    const missing =
      input.module.sourceMapUrl === null ? "The module has no source map" : "Its source map was not found";
    notes.push(`${missing}: code is attributed by function names.`);
  }
  if (!verdict.named) {
    notes.push(
      "Without names or a source map, an allocator inside that only deals out memory which is there from the start is not seen.",
    );
  }
  if (stackNote) notes.push(stackNote);
  return notes;
}

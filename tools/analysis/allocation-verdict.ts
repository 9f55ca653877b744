/**
 * Whether a module can allocate: proven not to, found to (and along which calls), or unknown (and why).
 *
 * Proven takes more than that no allocation is in sight: an export that keeps state and answers
 * a number may hand out memory under any name, an import may hand it in, and a call whose
 * callee comes from the host may do anything.
 */
import { REALLOC } from "../wit/canonical-names.js";
import type { CoreModule } from "../wasm/core-module.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import type { SourceMap } from "../source/source-map.js";
import type { CallGraph } from "./call-graph.js";
import type { AllocatingInstruction } from "./effects.js";
import type { FunctionFacts } from "./function-facts.js";
import { type Doubt, type KnownNames, doubts } from "./allocation-doubts.js";
import { callersOf, reachedFrom } from "./callers.js";

/** A place that allocates: an instruction, or a function that is (or holds, inlined) an allocator. */
export interface AllocationSite {
  readonly function: number;
  readonly kind: AllocatingInstruction["kind"] | "allocator" | "arena" | "imported allocator";
  /** Byte of the file, null for an import. */
  readonly at: number | null;
}

/** The shortest way from an export to an allocation site: function indices, and where each calls the next. */
export interface AllocationPath {
  readonly root: string;
  readonly chain: readonly { readonly function: number; readonly at: number | null }[];
  readonly site: AllocationSite;
}

/** Whether a module can allocate, and how one knows. */
export interface AllocationVerdict {
  /**
   * `proven`: it cannot. `found`: it can, along `paths`. `unknown`: nothing was found, but `doubts` stand.
   */
  readonly verdict: "proven" | "found" | "unknown";
  readonly sites: readonly AllocationSite[];
  /** Of the roots that lead to an allocation, so many that a report can hold them. */
  readonly paths: readonly AllocationPath[];
  /** How many roots lead to an allocation. */
  readonly leading: number;
  readonly doubts: readonly Doubt[];
  /** Functions that execution can come to, imports included. */
  readonly reached: number;
  /** Exported functions whose names are allocators' */
  readonly handedOut: readonly number[];
  readonly reallocExport: boolean;
  /** Whether names or a source map told allocators apart. */
  readonly named: boolean;
}

const ALLOCATOR_SOURCE = /(^|\/)~lib\/rt\/(stub|tlsf|itcms|tcms|rtrace)\.ts$/;
const ALLOCATOR_NAMES = [
  /^~lib\/rt\/\w+\/(__alloc|__realloc|__new|__renew|allocateBlock|reallocateBlock|addMemory|growMemory|maybeGrowMemory)$/,
  /^~lib\/arena\/|^__(alloc|realloc|new|renew|newBuffer|newArray|rust_alloc|rust_alloc_zeroed|rust_realloc|rdl_alloc)$/,
  /^_?(malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|memalign|valloc|sbrk|brk|cabi_realloc)$/,
  /^_?(dl|je_|mi_|emmalloc_|emscripten_builtin_|__libc_)(malloc|calloc|realloc|memalign|aligned_alloc)$/,
  /^(emscripten_resize_heap|_?emscripten_stack_alloc|stackAlloc|__cxa_allocate_exception)$|^__wbindgen_(malloc|realloc)/,
  /dlmalloc::dlmalloc::Dlmalloc.*::(malloc|realloc|memalign)|^__rustc.*::__(rust|rdl)_(alloc|realloc|alloc_zeroed)$/,
  /^runtime\.(alloc|mallocgc|growHeap)$|^_Znwm$|^_Znwj$|^_Znaj$|^operator new/,
];
const MAX_PATHS = 200;

/** Whether a function of this name hands out memory. */
export function isAllocatorName(name: string): boolean {
  return ALLOCATOR_NAMES.some((pattern) => pattern.test(name));
}

/**
 * Whether a function of this name takes blocks from the guest library's arena: fixed regions that never grow.
 */
export function isArenaFunction(name: string): boolean {
  return /as-rill\/assembly\/(arena\/(takeBlock|reallocBlock)|runtime\/__(new|alloc|realloc|renew))$/.test(
    name,
  );
}

/** Judges `module`. @param known the imports and exports whose meaning the canonical ABI fixes */
export function judgeAllocation(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
  graph: CallGraph,
  map: SourceMap | null,
  known: KnownNames,
): AllocationVerdict {
  const named = namedAllocators(functions, facts, map);
  const isHandedOut = ({ function: index, kind }: AllocationSite): boolean =>
    kind === "allocator" && functions[index]!.exports.length > 0;
  const handedOut = named.filter(isHandedOut).map((site) => site.function);
  const sites = [
    ...instructionSites(facts),
    ...importedAllocators(functions),
    ...named.filter((site) => !isHandedOut(site)),
  ];
  const { paths, leading } = findPaths(graph, sites);
  const found = doubts(module, functions, facts, graph, { handedOut: new Set(handedOut), known });
  return {
    verdict: leading > 0 ? "found" : found.length > 0 ? "unknown" : "proven",
    sites,
    paths,
    leading,
    doubts: found,
    reached: reachedFrom(graph).size,
    handedOut,
    reallocExport: module.exports.some(({ name }) => name === REALLOC),
    named: map !== null || module.names.functions.size > 0,
  };
}

function instructionSites(facts: readonly FunctionFacts[]): AllocationSite[] {
  return facts.flatMap(({ info, allocates }) =>
    allocates.map(({ kind, at }) => ({ function: info.index, kind, at })),
  );
}

function importedAllocators(functions: readonly FunctionInfo[]): AllocationSite[] {
  return functions
    .filter((info) => info.import && isAllocatorName(info.import.field))
    .map((info) => ({ function: info.index, kind: "imported allocator" as const, at: null }));
}

function namedAllocators(
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
  map: SourceMap | null,
): AllocationSite[] {
  const inlined = map ? firstAllocatorCode(facts, map) : new Map<number, number>();
  const hasArena = facts.some(({ info }) => isArenaFunction(functions[info.index]!.name));
  return facts.flatMap(({ info }) => {
    const { name } = functions[info.index]!;
    const isArena = isArenaFunction(name) || (hasArena && info.exports.includes(REALLOC));
    const isNamed = isArena || isAllocatorName(name) || info.exports.some(isAllocatorName);
    const at = isNamed ? info.code!.code : inlined.get(info.index);
    return at === undefined ? [] : [{ function: info.index, kind: isArena ? "arena" : "allocator", at }];
  });
}

/** By function, the first byte of code that the runtime's allocator was compiled to there. */
function firstAllocatorCode(facts: readonly FunctionFacts[], map: SourceMap): Map<number, number> {
  const found = new Map<number, number>();
  const isAllocator = map.sources.map((source) => ALLOCATOR_SOURCE.test(source));
  let at = 0;
  for (const { info } of facts) {
    const { code, end } = info.code!;
    while (at < map.offsets.length && map.offsets[at]! < code) at++;
    for (; at < map.offsets.length && map.offsets[at]! < end; at++) {
      if (isAllocator[map.source[at]!] && !found.has(info.index)) found.set(info.index, map.offsets[at]!);
    }
  }
  return found;
}

/**
 * Breadth first from every root to the nearest site, and on from an allocator to the `memory.grow` it ends
 * in. Of several sites in a function the first stands for all.
 */
function findPaths(
  graph: CallGraph,
  sites: readonly AllocationSite[],
): { paths: AllocationPath[]; leading: number } {
  const any = siteMap(sites);
  const grows = siteMap(sites.filter(({ kind }) => kind === "memory.grow"));
  const leading = callersOf(graph, any.keys());
  const roots = graph.roots.filter((root) => leading.has(root.function));
  const paths = roots.slice(0, MAX_PATHS).map((root) => {
    const path = shortestPath(graph, root.function, any)!;
    const onward = path.site.kind === "allocator" ? shortestPath(graph, path.site.function, grows) : null;
    if (!onward) return { root: root.name, ...path };
    return { root: root.name, chain: [...path.chain.slice(0, -1), ...onward.chain], site: onward.site };
  });
  return { paths, leading: roots.length };
}

function siteMap(sites: readonly AllocationSite[]): Map<number, AllocationSite> {
  const map = new Map<number, AllocationSite>();
  for (const site of sites) if (!map.has(site.function)) map.set(site.function, site);
  return map;
}

function shortestPath(
  graph: CallGraph,
  from: number,
  siteOf: ReadonlyMap<number, AllocationSite>,
): Omit<AllocationPath, "root"> | null {
  const before = new Map<number, { function: number; at: number } | null>([[from, null]]);
  const queue = [from];
  // The loop goes over what it appends, too.
  for (const current of queue) {
    const site = siteOf.get(current);
    if (site) return { chain: unwind(before, current), site };
    for (const { to, at } of graph.edges[current] ?? []) {
      if (before.has(to)) continue;
      before.set(to, { function: current, at });
      queue.push(to);
    }
  }
  return null;
}

function unwind(
  before: ReadonlyMap<number, { function: number; at: number } | null>,
  last: number,
): AllocationPath["chain"] {
  const chain: { function: number; at: number | null }[] = [{ function: last, at: null }];
  for (let step = before.get(last); step; step = before.get(step.function)) chain.unshift(step);
  return chain;
}

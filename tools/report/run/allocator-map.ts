/**
 * Which functions of a module allocate and free, by their names, and where each takes the bytes asked for.
 */
import type { CallGraph } from "../../analysis/call-graph.js";
import type { Analysis } from "../analysis.js";
import { isAllocatorName, isArenaFunction } from "../../analysis/allocation-verdict.js";

/** Which functions allocate and free, and which globals are bump pointers. */
export interface AllocatorMap {
  /** Parameter that holds the bytes asked for, by allocator's index. */
  readonly sizeParam: ReadonlyMap<number, number>;
  /** Allocators, and what calls them, directly or not. */
  readonly leadsTo: ReadonlySet<number>;
  readonly frees: ReadonlySet<number>;
  readonly bumpGlobals: ReadonlySet<number>;
  /** Indices of the guest library's arena globals; null where the guest has none. */
  readonly arenaTop: number | null;
  readonly arenaCurrent: number | null;
}

/** Parameter that holds the bytes, for allocators where it is not the first. */
const SIZE_PARAMS: readonly (readonly [name: RegExp, param: number])[] = [
  [/(^|\/|_|::)(cabi_realloc)$/, 3],
  [/\/assembly\/arena\/reallocBlock$/, 2],
  [/(^|::)__(rust|rdl)_realloc$/, 3],
  [/(^|\/)(realloc|dlrealloc|calloc|dlcalloc|memalign|dlmemalign|aligned_alloc|posix_memalign)$/, 1],
  [/(^|\/)__(realloc|renew)$/, 1],
];
const FREE = /(^|\/)(__free|free|dlfree)$|(^|::)__(rust|rdl)_dealloc$/;
/** Pointers that only a bump allocator keeps: what lies below them is in use. */
const BUMP_POINTER = /(^|\/)rt\/stub\/offset$/;

/** Reads the names of `analysis`. */
export function mapAllocators({ functions, input, graph }: Analysis): AllocatorMap {
  const sizeParam = new Map<number, number>();
  const frees = new Set<number>();
  for (const { index, name, exports, code, signature } of functions) {
    if (!code) continue;
    const names = [name, ...exports];
    if (names.some((own) => FREE.test(own)) && signature.params[0] === "i32") frees.add(index);
    const allocator = names.find((own) => isAllocatorName(own) || isArenaFunction(own));
    if (allocator === undefined) continue;
    const param = SIZE_PARAMS.find(([pattern]) => pattern.test(allocator))?.[1] ?? 0;
    if (signature.params[param] === "i32") sizeParam.set(index, param);
  }
  const bumpGlobals = new Set(
    [...input.module.names.globals].flatMap(([index, name]) => (BUMP_POINTER.test(name) ? [index] : [])),
  );
  const globalNamed = (ending: string): number | null =>
    [...input.module.names.globals].find(([, name]) => name.endsWith(ending))?.[0] ?? null;
  return {
    sizeParam,
    leadsTo: callersOf(sizeParam.keys(), graph),
    frees,
    bumpGlobals,
    arenaTop: globalNamed("as-rill/assembly/arena/top"),
    arenaCurrent: globalNamed("as-rill/assembly/arena/current"),
  };
}

/** The functions in `targets` and all from which calls lead to them. */
function callersOf(targets: Iterable<number>, { edges }: CallGraph): Set<number> {
  const callers = new Map<number, number[]>();
  edges.forEach((out, from) => {
    for (const { to } of out) {
      const list = callers.get(to);
      if (list) list.push(from);
      else callers.set(to, [from]);
    }
  });
  const found = new Set(targets);
  // The loop goes over what it adds, too.
  for (const index of found) for (const caller of callers.get(index) ?? []) found.add(caller);
  return found;
}

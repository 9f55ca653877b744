/** Who calls whom. A call through a table reaches every function of its type whose reference anything takes. */
import type { CoreModule } from "../wasm/core-module.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import type { FunctionFacts } from "./function-facts.js";

/** An edge; `at` is the call's byte in the file. */
export interface CallEdge {
  readonly to: number;
  readonly at: number;
  readonly indirect: boolean;
}

/** Who calls whom, by function index. */
export interface CallGraph {
  /** Edges by caller's index. One edge a callee; imports have none. */
  readonly edges: readonly (readonly CallEdge[])[];
  /** Where execution can start from outside: exports, the start function, and functions handed out in exported tables. */
  readonly roots: readonly { readonly function: number; readonly name: string }[];
}

/** Builds the graph of `module`. */
export function buildCallGraph(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
): CallGraph {
  const bySignature = referencedBySignature(module, functions, facts);
  const edges: CallEdge[][] = functions.map(() => []);
  for (const { info, calls } of facts) {
    const seen = new Set<number>();
    for (const { callee, typeIndex, at } of calls) {
      const indirect = callee < 0;
      const targets = indirect ? (bySignature.get(signatureKey(module, typeIndex)) ?? []) : [callee];
      for (const to of targets) {
        if (seen.has(to)) continue;
        seen.add(to);
        edges[info.index]!.push({ to, at, indirect });
      }
    }
  }
  return { edges, roots: rootsOf(module, functions) };
}

function rootsOf(module: CoreModule, functions: readonly FunctionInfo[]): CallGraph["roots"] {
  const roots = functions.flatMap(({ index, exports }) => exports.map((name) => ({ function: index, name })));
  if (module.start !== null) roots.unshift({ function: module.start, name: "(start)" });
  if (module.exports.some(({ kind }) => kind === "table")) {
    const known = new Set(roots.map((root) => root.function));
    for (const index of new Set(module.elements.flatMap((element) => element.functions))) {
      if (!known.has(index))
        roots.push({ function: index, name: `(table) ${functions[index]?.name ?? index}` });
    }
  }
  return roots;
}

function referencedBySignature(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
): Map<string, number[]> {
  const referenced = new Set([
    ...module.elements.flatMap((element) => element.functions),
    ...module.globals.flatMap((global) => global.initial.functions),
    ...facts.flatMap((fact) => fact.references),
  ]);
  const map = new Map<string, number[]>();
  for (const index of referenced) {
    const info = functions[index];
    if (!info) continue;
    const key = JSON.stringify(info.signature);
    const list = map.get(key);
    if (list) list.push(index);
    else map.set(key, [index]);
  }
  return map;
}

function signatureKey(module: CoreModule, typeIndex: number): string {
  return JSON.stringify(module.types[typeIndex]?.signature ?? { params: [], results: [] });
}

/**
 * Who calls whom. A call through a table reaches every function of its type whose reference anything takes;
 * where the host can put functions into the table, or hand references in, it may reach the host's too.
 */
import type { CoreModule, FunctionSignature } from "../wasm/core-module.js";
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
  /**
   * Where execution can start from outside: exports, the start function, and
   * functions whose reference the host can get.
   */
  readonly roots: readonly { readonly function: number; readonly name: string }[];
  /** Functions that may call what the host has handed in, and where. */
  readonly unbounded: ReadonlyMap<number, UnboundedCall>;
}

/** A call whose callee may come from the host. */
export interface UnboundedCall {
  readonly at: number;
  /** How the host hands it in. */
  readonly through: string;
}

/** Builds the graph of `module`. */
export function buildCallGraph(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
): CallGraph {
  const referenced = referencedFunctions(module, facts);
  const bySignature = groupBySignature(functions, referenced);
  const doors = doorsFor(module, functions);
  const edges: CallEdge[][] = functions.map(() => []);
  const unbounded = new Map<number, UnboundedCall>();
  for (const { info, calls } of facts) {
    const seen = new Set<number>();
    for (const { callee, typeIndex, at } of calls) {
      const indirect = callee < 0;
      const through = indirect ? doors.in : null;
      if (through !== null && !unbounded.has(info.index)) unbounded.set(info.index, { at, through });
      const targets = indirect ? (bySignature.get(signatureKey(module, typeIndex)) ?? []) : [callee];
      for (const to of targets) {
        if (seen.has(to)) continue;
        seen.add(to);
        edges[info.index]!.push({ to, at, indirect });
      }
    }
  }
  return { edges, roots: rootsOf(module, functions, doors.out ? referenced : []), unbounded };
}

function rootsOf(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  handedOut: Iterable<number>,
): CallGraph["roots"] {
  const roots = functions.flatMap(({ index, exports }) => exports.map((name) => ({ function: index, name })));
  if (module.start !== null) roots.unshift({ function: module.start, name: "(start)" });
  const known = new Set(roots.map((root) => root.function));
  for (const index of handedOut) {
    if (!known.has(index) && functions[index]?.code)
      roots.push({ function: index, name: `(table) ${functions[index].name}` });
  }
  return roots;
}

/** Ways for references of functions over the module's border. */
interface Doors {
  /** How the host can hand one in; null when it cannot. */
  readonly in: string | null;
  /** Whether the host can get one. */
  readonly out: boolean;
}

function doorsFor(module: CoreModule, functions: readonly FunctionInfo[]): Doors {
  const exported = (kind: string): boolean => module.exports.some((entry) => entry.kind === kind);
  const imported = (kind: string): boolean => module.imports.some((entry) => entry.kind === kind);
  const globals = [...module.imports.flatMap(({ global }) => global ?? []), ...module.globals];
  const sharesGlobals =
    (exported("global") || imported("global")) && globals.some(({ type }) => isCallable(type));
  const takes = functions.some(({ import: from, exports, signature }) =>
    (from ? signature.results : exports.length > 0 ? signature.params : []).some(isCallable),
  );
  const gives = functions.some(({ import: from, exports, signature }) =>
    (from ? signature.params : exports.length > 0 ? signature.results : []).some(isCallable),
  );
  const table = imported("table") ? "an imported table" : exported("table") ? "an exported table" : null;
  const reference = sharesGlobals ? "a global" : takes ? "a reference that the host hands in" : null;
  return { in: table ?? reference, out: table !== null || sharesGlobals || gives };
}

/** Whether a value of `type` may be a function, or hold one. */
function isCallable(type: string): boolean {
  return isReference(type) && !/^externref$|^\(ref (null )?extern\)$/.test(type);
}

function isReference(type: string): boolean {
  return type.endsWith("ref") || type.startsWith("(ref");
}

function referencedFunctions(module: CoreModule, facts: readonly FunctionFacts[]): ReadonlySet<number> {
  return new Set([
    ...module.elements.flatMap((element) => element.functions),
    ...module.tables.flatMap((table) => table.functions),
    ...module.globals.flatMap((global) => global.initial.functions),
    ...facts.flatMap((fact) => fact.references),
  ]);
}

function groupBySignature(
  functions: readonly FunctionInfo[],
  referenced: ReadonlySet<number>,
): Map<string, number[]> {
  const map = new Map<string, number[]>();
  for (const index of referenced) {
    const info = functions[index];
    if (!info) continue;
    const key = keyOf(info.signature);
    const list = map.get(key);
    if (list) list.push(index);
    else map.set(key, [index]);
  }
  return map;
}

function signatureKey(module: CoreModule, typeIndex: number): string {
  return keyOf(module.types[typeIndex]?.signature ?? { params: [], results: [] });
}

/** Types are compared without what references point to: a function of a subtype may be called, too. */
function keyOf({ params, results }: FunctionSignature): string {
  const plain = (type: string): string => (isReference(type) ? "ref" : type);
  return `${params.map(plain).join(" ")}>${results.map(plain).join(" ")}`;
}

/**
 * The imports of the repository's TypeScript and AssemblyScript, type imports
 * included, and the cycles in them.
 */
import { posix } from "node:path";
import { trackedFiles } from "./tracked-files.js";

/** What each node needs. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

/** The files whose path matches `pattern`, and the files of the repository that each imports. */
export function importGraph(pattern: RegExp): Graph {
  const files = trackedFiles(pattern);
  const known = new Set(files.map(({ path }) => path));
  return new Map(
    files.map(({ path, text }) => {
      const targets = [...text.matchAll(IMPORT)].flatMap(([, specifier]) => {
        const base = posix.join(posix.dirname(path), specifier!);
        return [base.replace(/\.js$/, ".ts"), `${base}.ts`].filter((target) => known.has(target));
      });
      return [path, new Set(targets)];
    }),
  );
}

/**
 * How the folders directly inside `parent` need each other. What lies in a folder's own folders counts for
 * it; files that lie in `parent` itself stand above its folders and count for none.
 */
export function foldersIn(parent: string, files: Graph): Graph {
  const room = (path: string): string | null => {
    if (!path.startsWith(parent)) return null;
    const rest = path.slice(parent.length);
    return rest.includes("/") ? rest.slice(0, rest.indexOf("/")) : null;
  };
  const graph = new Map<string, Set<string>>();
  for (const [path, targets] of files) {
    const from = room(path);
    if (from === null) continue;
    const needs = graph.get(from) ?? new Set<string>();
    for (const to of [...targets].map(room)) if (to !== null && to !== from) needs.add(to);
    graph.set(from, needs);
  }
  return graph;
}

/** Groups of nodes that need each other, each sorted. Tarjan's strongly connected components. */
export function cycles(graph: Graph): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    open.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== order.get(node)) return;
    const group = open.splice(open.indexOf(node));
    if (group.length > 1) found.push(group.sort());
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}

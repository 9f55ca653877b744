/** What a call graph leads to, and from where. */
import type { CallGraph } from "./call-graph.js";

/** `functions`, and every function whose calls can lead to one of them. */
export function callersOf({ edges }: CallGraph, functions: Iterable<number>): ReadonlySet<number> {
  const found = new Set(functions);
  if (found.size === 0) return found;
  const callers: number[][] = edges.map(() => []);
  edges.forEach((list, from) => {
    for (const { to } of list) callers[to]!.push(from);
  });
  // The loop goes over what it appends, too.
  for (const index of found) for (const caller of callers[index]!) found.add(caller);
  return found;
}

/** Functions that execution can come to. */
export function reachedFrom({ edges, roots }: CallGraph): ReadonlySet<number> {
  const reached = new Set(roots.map((root) => root.function));
  // The loop goes over what it appends, too.
  for (const index of reached) for (const { to } of edges[index] ?? []) reached.add(to);
  return reached;
}

/**
 * Why a function is in a module, and what would go with it: the shortest way to it from where execution
 * starts, and the functions that every way to leads through it.
 */
import type { CallGraph } from "./call-graph.js";

/** What keeps the functions of a module, by index. */
export interface Keepers {
  /** The caller on the shortest way from a root; null for a root, undefined for what no way leads to. */
  readonly caller: readonly (number | null | undefined)[];
  /** The last function that every way goes through; null where there is none. */
  readonly dominator: readonly (number | null)[];
}

/** Finds them (Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm"). */
export function findKeepers({ edges, roots }: CallGraph): Keepers {
  const caller = shortestWays(
    edges,
    roots.map((root) => root.function),
  );
  const order = postOrder(
    edges,
    roots.map((root) => root.function),
  );
  const rank = new Map(order.map((index, at) => [index, at]));
  const callers = callersOf(edges);
  // The place behind the last stands for the host, which calls the roots.
  const host = order.length;
  const isRoot = new Set(roots.map((root) => root.function));
  const dominators = new Array<number | undefined>(order.length);
  for (let changed = true; changed;) {
    changed = false;
    for (let at = order.length - 1; at >= 0; at--) {
      const index = order[at]!;
      let common: number | undefined = isRoot.has(index) ? host : undefined;
      for (const from of callers[index]!) {
        const other = rank.get(from);
        if (other === undefined || dominators[other] === undefined) continue;
        common = common === undefined ? other : meet(dominators, host, common, other);
      }
      if (common === undefined || common === dominators[at]) continue;
      dominators[at] = common;
      changed = true;
    }
  }
  const dominator = edges.map((_, index) => {
    const found = dominators[rank.get(index) ?? -1];
    return found === undefined || found === host ? null : order[found]!;
  });
  return { caller, dominator };
}

/** The innermost place that dominates both. */
function meet(dominators: readonly (number | undefined)[], host: number, x: number, y: number): number {
  let [one, other] = [x, y];
  while (one !== other) {
    while (one < other) one = one === host ? host : dominators[one]!;
    while (other < one) other = other === host ? host : dominators[other]!;
  }
  return one;
}

/** Sums `bytes` of each function with those that only it keeps. */
export function retainedBytes({ dominator }: Keepers, bytes: readonly number[]): number[] {
  const sums = [...bytes];
  const depth = new Map<number, number>();
  const depthOf = (index: number): number => {
    const way: number[] = [];
    let at: number | null = index;
    for (; at !== null && !depth.has(at); at = dominator[at] ?? null) way.push(at);
    let deep = at === null ? 0 : depth.get(at)!;
    for (const step of way.reverse()) depth.set(step, ++deep);
    return depth.get(index)!;
  };
  const inwards = bytes.map((_, index) => index).sort((x, y) => depthOf(y) - depthOf(x));
  for (const index of inwards) {
    const keeper = dominator[index];
    if (keeper !== null && keeper !== undefined) sums[keeper]! += sums[index]!;
  }
  return sums;
}

function shortestWays(edges: CallGraph["edges"], roots: readonly number[]): (number | null | undefined)[] {
  const caller = new Array<number | null | undefined>(edges.length).fill(undefined);
  const queue = [...new Set(roots)];
  for (const root of queue) caller[root] = null;
  // The queue grows as it is read.
  for (const from of queue) {
    for (const { to } of edges[from]!) {
      if (caller[to] !== undefined) continue;
      caller[to] = from;
      queue.push(to);
    }
  }
  return caller;
}

/** Every function that a root leads to, callees before their callers where no cycle forbids it. */
function postOrder(edges: CallGraph["edges"], roots: readonly number[]): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    const stack = [{ index: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const edge = edges[top.index]![top.next++];
      if (!edge) {
        order.push(top.index);
        stack.pop();
      } else if (!seen.has(edge.to)) {
        seen.add(edge.to);
        stack.push({ index: edge.to, next: 0 });
      }
    }
  }
  return order;
}

function callersOf(edges: CallGraph["edges"]): number[][] {
  const callers = edges.map((): number[] => []);
  edges.forEach((out, from) => {
    for (const { to } of out) callers[to]!.push(from);
  });
  return callers;
}

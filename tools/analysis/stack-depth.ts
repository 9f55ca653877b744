/**
 * How deep the calls of a module can go, and how many bytes of WAMR's operand stack that takes.
 *
 * WAMR gives every call a frame; before it takes one it asks for twice its size
 * (`wasm_exec_env_alloc_wasm_frame`). So a chain of frames needs the sum of all
 * but the last, and twice the last.
 */
import type { FunctionInfo } from "../wasm/function-space.js";
import type { CallGraph } from "./call-graph.js";
import type { Reentry } from "./reentry.js";
import { cellsOfType } from "./value-stack.js";

/** The worst chain of calls from one root. */
export interface DeepestChain {
  readonly root: string;
  /** `stack_size` that the chain needs, in bytes. */
  readonly stackBytes: number;
  /** Functions from the root to the one whose frame is the last. */
  readonly chain: readonly number[];
}

/** The deepest chain of calls and what it needs. */
export interface StackDepth {
  /** Bytes for `wasm_runtime_instantiate`'s `stack_size`; null when calls recurse or frames are unknown. */
  readonly stackBytes: number | null;
  readonly worst: DeepestChain | null;
  readonly roots: readonly DeepestChain[];
  /** A cycle of calls that a root reaches, null when there is none. */
  readonly recursion: readonly number[] | null;
  /** Longest chain in calls, from an export down, imports included. */
  readonly callDepth: number | null;
}

/** Bytes of the frame that WAMR puts in front of the called function's, by its result cells. */
export type EntryFrame = (resultCells: number) => number;

/** The frames of a module's calls. */
export interface Frames {
  /** A function's frame, null when it is unknown. */
  readonly bytes: (index: number) => number | null;
  readonly entry: EntryFrame;
}

/**
 * Finds the worst chain from every root. Where the host calls back into the guest, the chain goes on there.
 */
export function measureStack(
  graph: CallGraph,
  functions: readonly FunctionInfo[],
  frames: Frames,
  reentry: Reentry | null,
): StackDepth {
  const entryOf = (index: number): number => frames.entry(cellsOf(functions[index]!.signature.results));
  const search = new ChainSearch(
    graph,
    frames.bytes,
    reentry && { ...reentry, entryBytes: entryOf(reentry.target) },
  );
  const roots: DeepestChain[] = [];
  for (const root of graph.roots) {
    const found = search.from(root.function);
    if (!found) continue;
    const entry = entryOf(root.function);
    roots.push({
      root: root.name,
      stackBytes: Math.max(2 * entry, entry + found.bytes),
      chain: search.chain(root.function),
    });
  }
  const complete = search.recursion === null && !search.unknownFrame && roots.length > 0;
  const worst = roots.reduce<DeepestChain | null>(
    (best, root) => (best === null || root.stackBytes > best.stackBytes ? root : best),
    null,
  );
  return {
    stackBytes: complete && worst ? worst.stackBytes : null,
    worst: complete ? worst : null,
    roots: complete ? roots : [],
    recursion: search.recursion,
    callDepth:
      search.recursion === null
        ? Math.max(0, ...graph.roots.map((root) => search.depth(root.function)))
        : null,
  };
}

/** Cells of values of these types. */
export function cellsOf(types: readonly string[]): number {
  return types.reduce((cells, type) => cells + cellsOfType(type), 0);
}

interface Worst {
  /** Bytes from this function's frame on. */
  readonly bytes: number;
  /** Callee on the worst way, -1 when this function's own frame is the last. */
  readonly next: number;
  /** Calls on the longest way, this function included. */
  readonly depth: number;
}

/** Depth first with memory; iterative, for chains of big modules are deeper than this program's own stack. */
class ChainSearch {
  recursion: readonly number[] | null = null;
  unknownFrame = false;
  private readonly known = new Map<number, Worst>();

  /**
   * What the host's call back into the guest needs, from the frame in front of
   * it on; null where it makes none.
   */
  private readonly reentered: Worst | null;

  constructor(
    private readonly graph: CallGraph,
    private readonly frameBytes: (index: number) => number | null,
    private readonly reentry: (Reentry & { readonly entryBytes: number }) | null,
  ) {
    this.reentered = null;
    const target = reentry && this.from(reentry.target);
    if (!target) return;
    const bytes = Math.max(2 * reentry.entryBytes, reentry.entryBytes + target.bytes);
    this.reentered = { bytes, next: reentry.target, depth: target.depth };
    this.known.clear();
    this.from(reentry.target);
  }

  from(root: number): Worst | null {
    const path: { index: number; edge: number }[] = [];
    const onPath = new Set<number>();
    const enter = (index: number): void => {
      path.push({ index, edge: 0 });
      onPath.add(index);
    };
    if (!this.known.has(root)) enter(root);
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const edge = this.graph.edges[top.index]?.[top.edge++];
      if (!edge) {
        this.known.set(top.index, this.judge(top.index));
        onPath.delete(top.index);
        path.pop();
      } else if (onPath.has(edge.to)) {
        this.recursion ??= path
          .slice(path.findIndex(({ index }) => index === edge.to))
          .map(({ index }) => index);
      } else if (!this.known.has(edge.to)) enter(edge.to);
    }
    return this.known.get(root) ?? null;
  }

  chain(root: number): number[] {
    const chain = [root];
    for (
      let at = this.known.get(root);
      at && at.next >= 0 && chain.length < 10_000;
      at = this.known.get(at.next)
    ) {
      chain.push(at.next);
    }
    return chain;
  }

  depth(root: number): number {
    return this.known.get(root)?.depth ?? 0;
  }

  private judge(index: number): Worst {
    const own = this.frameBytes(index);
    if (own === null) this.unknownFrame = true;
    const frame = own ?? 0;
    let bytes = 2 * frame;
    let next = -1;
    let depth = 0;
    const reach = (to: number, callee: Worst): void => {
      depth = Math.max(depth, callee.depth);
      if (frame + callee.bytes > bytes) {
        bytes = frame + callee.bytes;
        next = to;
      }
    };
    for (const { to } of this.graph.edges[index] ?? []) {
      const callee = this.known.get(to);
      if (callee) reach(to, callee);
    }
    if (this.reentered && this.reentry?.from.has(index)) reach(this.reentered.next, this.reentered);
    return { bytes, next, depth: depth + 1 };
  }
}

/** The stack part of the report: WAMR frames, the worst chain, what recursion makes impossible to say. */
import type { FunctionInfo } from "../wasm/function-space.js";
import type { CallGraph } from "./call-graph.js";
import type { FunctionFacts } from "./function-facts.js";
import type { Reentry } from "./reentry.js";
import { cellsOf, type DeepestChain, measureStack } from "./stack-depth.js";
import { classicEntryFrame, classicFrame } from "./wamr-frames.js";

/** What the guest needs of WAMR's stack, in bytes. */
export interface StackNeeds {
  /** Interpreter the frames are computed for. */
  readonly interpreter: "WAMR classic, 32 bit";
  /**
   * Smallest `stack_size` for wasm_runtime_instantiate; null when calls recurse
   * or a function is not understood.
   */
  readonly stack_bytes: number | null;
  /** Longest chain of calls from an export, imports included; null when calls recurse. */
  readonly call_depth: number | null;
  /** Deepest operand stack of one function, in 4-byte cells. */
  readonly operand_cells: { readonly cells: number; readonly function: string } | null;
  /** What `stack_bytes` is made of, in the order in which it is taken: its sum. Empty where that is null. */
  readonly parts: readonly StackBytes[];
  /** The chain that needs most. */
  readonly chain: readonly { readonly function: string; readonly frame_bytes: number | null }[];
  readonly roots: readonly { readonly export: string; readonly stack_bytes: number }[];
  /** A cycle of calls, empty when there is none. */
  readonly recursion: readonly string[];
}

/** A piece of the stack. */
export interface StackBytes {
  /**
   * `entry`: the frame in front of a function that the host calls. `call`: a function's own. `import`: the
   * interpreter's in front of the host's. `re-entry`: the entry frame of the host's call back. `reserve`:
   * what the interpreter asks for above the last frame.
   */
  readonly kind: "entry" | "call" | "import" | "re-entry" | "reserve";
  readonly function: string;
  readonly bytes: number;
}

/** The stack that a guest needs, and how it was found. */
export interface StackPart {
  readonly needs: StackNeeds;
  /** Frame bytes of a function, null when it is not understood. */
  readonly frames: (index: number) => number | null;
  readonly note: string | null;
}

/** Computes the stack that `functions` need, with what the host calls back while it serves them. */
export function stackNeeds(
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
  graph: CallGraph,
  reentry: Reentry | null,
): StackPart {
  const byIndex = new Map(facts.map((fact) => [fact.info.index, fact]));
  const frames = (index: number): number | null => {
    const info = functions[index];
    return info ? classicFrame(info, byIndex.get(index)) : null;
  };
  const depth = measureStack(graph, functions, { bytes: frames, entry: classicEntryFrame }, reentry);
  const name = (index: number): string => functions[index]?.name ?? `func[${index}]`;
  const deepest = facts.reduce<FunctionFacts | null>(
    (best, fact) => (best === null || fact.stackCells > best.stackCells ? fact : best),
    null,
  );
  const unsupported = [...new Set(facts.flatMap((fact) => (fact.unsupported ? [fact.unsupported] : [])))];
  const needs: StackNeeds = {
    interpreter: "WAMR classic, 32 bit",
    stack_bytes: depth.stackBytes,
    call_depth: depth.callDepth,
    operand_cells: deepest ? { cells: deepest.stackCells, function: name(deepest.info.index) } : null,
    parts: depth.worst ? partsOf(depth.worst, functions, frames, reentry) : [],
    chain: (depth.worst?.chain ?? []).map((index) => ({ function: name(index), frame_bytes: frames(index) })),
    roots: depth.roots.map(({ root, stackBytes }) => ({ export: root, stack_bytes: stackBytes })),
    recursion: (depth.recursion ?? []).map(name),
  };
  return { needs, frames, note: noteOn(needs, unsupported) };
}

/**
 * The pieces of `stackBytes`: before WAMR takes a frame it asks for twice its
 * size, so the last one counts twice.
 */
function partsOf(
  { root, chain }: DeepestChain,
  functions: readonly FunctionInfo[],
  frames: (index: number) => number | null,
  reentry: Reentry | null,
): StackBytes[] {
  const entry = (index: number): number => classicEntryFrame(cellsOf(functions[index]!.signature.results));
  const parts: StackBytes[] = [{ kind: "entry", function: root, bytes: entry(chain[0]!) }];
  chain.forEach((index, position) => {
    const name = functions[index]!.name;
    const before = chain[position - 1];
    if (before !== undefined && reentry?.from.has(before))
      parts.push({ kind: "re-entry", function: name, bytes: entry(index) });
    const kind = functions[index]!.import ? "import" : "call";
    parts.push({ kind, function: name, bytes: frames(index) ?? 0 });
  });
  return [...parts, { ...parts.at(-1)!, kind: "reserve" }];
}

function noteOn({ recursion }: StackNeeds, unsupported: readonly string[]): string | null {
  if (recursion.length > 0) {
    const cycle =
      recursion.length > 6 ? [...recursion.slice(0, 5), `${recursion.length - 5} more`] : recursion;
    return `Calls can recurse (${[...cycle, recursion[0]].join(" → ")}): the stack that they need has no bound in the binary.`;
  }
  return unsupported.length > 0
    ? `The stack is not computed: the code uses ${unsupported.join(", ")}.`
    : null;
}

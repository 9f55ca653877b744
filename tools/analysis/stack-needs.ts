/** The stack part of the report: WAMR frames, the worst chain, what recursion makes impossible to say. */
import type { FunctionInfo } from "../wasm/function-space.js";
import type { CallGraph } from "./call-graph.js";
import type { FunctionFacts } from "./function-facts.js";
import type { Reentry } from "./reentry.js";
import { measureStack } from "./stack-depth.js";
import { classicEntryFrame, classicFrame } from "./wamr-frames.js";

/** What the guest needs of WAMR's stack, in bytes. */
export interface StackNeeds {
  /** Interpreter the frames are computed for. */
  readonly interpreter: "WAMR classic, 32 bit";
  /** Smallest `stack_size` for wasm_runtime_instantiate; null when calls recurse or a function is not understood. */
  readonly stack_bytes: number | null;
  /** Longest chain of calls from an export, imports included; null when calls recurse. */
  readonly call_depth: number | null;
  /** Deepest operand stack of one function, in 4-byte cells. */
  readonly operand_cells: { readonly cells: number; readonly function: string } | null;
  /** The chain that needs most. */
  readonly chain: readonly { readonly function: string; readonly frame_bytes: number | null }[];
  readonly roots: readonly { readonly export: string; readonly stack_bytes: number }[];
  /** A cycle of calls, empty when there is none. */
  readonly recursion: readonly string[];
}

/** One part of what the stack needs, in bytes. */
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
    chain: (depth.worst?.chain ?? []).map((index) => ({ function: name(index), frame_bytes: frames(index) })),
    roots: depth.roots.map(({ root, stackBytes }) => ({ export: root, stack_bytes: stackBytes })),
    recursion: (depth.recursion ?? []).map(name),
  };
  return { needs, frames, note: noteOn(needs, unsupported) };
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

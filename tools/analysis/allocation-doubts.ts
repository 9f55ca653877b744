/** Why nobody can say that a module does not allocate, although no allocation was found in it. */
import type { CoreModule } from "../wasm/core-module.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import type { CallGraph } from "./call-graph.js";
import { callersOf, reachedFrom } from "./callers.js";
import type { FunctionFacts } from "./function-facts.js";

/** One reason. */
export interface Doubt {
  readonly kind: "export" | "import" | "call" | "exception";
  /** Name of the export or import, or of the function that calls or throws. */
  readonly name: string;
  /** What it does, and what may follow. */
  readonly why: string;
  /** Byte of the file, null where there is none. */
  readonly at: number | null;
}

/** Names whose meaning is known: what they take and answer is no address that the other side could use. */
export interface KnownNames {
  readonly isKnownImport: (module: string, field: string) => boolean;
  readonly isKnownExport: (name: string) => boolean;
}

/** What is known beside the code. */
export interface DoubtInputs {
  /** Exported functions that are allocators by their names. */
  readonly handedOut: ReadonlySet<number>;
  readonly known: KnownNames;
}

/** All reasons, the plainest first. */
export function doubts(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
  graph: CallGraph,
  { handedOut, known }: DoubtInputs,
): Doubt[] {
  const reached = reachedFrom(graph);
  const foreign = functions.filter((info) => {
    const from = info.import;
    return (
      from && reached.has(info.index) && mayHandIn(info) && !known.isKnownImport(from.module, from.field)
    );
  });
  const hasMemory = module.memories.length > 0 || module.imports.some(({ kind }) => kind === "memory");
  const calls = [...graph.unbounded].filter(([index]) => reached.has(index));
  const stateful = callersOf(graph, [
    ...facts.filter((fact) => fact.stores || fact.writtenGlobals.length > 0).map(({ info }) => info.index),
    ...foreign.map(({ index }) => index),
    ...calls.map(([index]) => index),
  ]);
  const exported = hasMemory
    ? functions.flatMap((info) => exportDoubts(info, handedOut, stateful, known))
    : [];
  return [
    ...exported.sort((x, y) => Number(y.why.startsWith(BY_NAME)) - Number(x.why.startsWith(BY_NAME))),
    ...foreign.map(importDoubt),
    ...calls.map(([index, { at, through }]) => {
      const why = `calls a function through ${through}: it can be the host's`;
      return { kind: "call" as const, name: functions[index]!.name, why, at };
    }),
    ...facts
      .filter(({ info, throws }) => throws && reached.has(info.index))
      .map(({ info }) => {
        const why = "throws: an engine may allocate the exception";
        return { kind: "exception" as const, name: functions[info.index]!.name, why, at: info.code!.code };
      }),
  ];
}

const BY_NAME = "is an allocator by its name";

function exportDoubts(
  { index, exports, signature, code }: FunctionInfo,
  handedOut: ReadonlySet<number>,
  stateful: ReadonlySet<number>,
  { isKnownExport }: KnownNames,
): Doubt[] {
  const takes = signature.params.some(isInteger) ? "takes a number, " : "";
  const why = handedOut.has(index)
    ? `${BY_NAME}: it hands out memory`
    : `${takes}keeps state and answers a number: it may hand out memory`;
  const doubtful = handedOut.has(index) || (stateful.has(index) && signature.results.some(isInteger));
  if (!doubtful) return [];
  return exports
    .filter((name) => handedOut.has(index) || !isKnownExport(name))
    .map((name) => ({ kind: "export", name, why, at: code?.code ?? null }));
}

function importDoubt({ import: from }: FunctionInfo): Doubt {
  const why = "is the host's, and answers more than a float: it may hand in memory";
  return { kind: "import", name: `${from!.module} ${from!.field}`, why, at: null };
}

/** A float is no address. */
function mayHandIn({ signature }: FunctionInfo): boolean {
  return signature.results.some((type) => type !== "f32" && type !== "f64");
}

function isInteger(type: string): boolean {
  return type === "i32" || type === "i64";
}

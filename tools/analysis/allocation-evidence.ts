/** What stands behind the verdict on allocation, in sentences that can be checked. */
import type { FunctionInfo } from "../wasm/function-space.js";
import type { AllocationVerdict } from "./allocation-verdict.js";
import type { CallGraph } from "./call-graph.js";
import { reachedFrom } from "./callers.js";
import type { FunctionFacts } from "./function-facts.js";

/** The sentences. */
export function allocationEvidence(
  { verdict, sites, leading }: AllocationVerdict,
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
  graph: CallGraph,
): string[] {
  const reached = reachedFrom(graph);
  const defined = facts.filter(({ info }) => reached.has(info.index)).length;
  const walked = `from ${plural(graph.roots.length, "root")} (exports, start function, functions in shared tables) calls reach ${defined} of ${plural(facts.length, "function")}`;
  const instructions = new Set(facts.flatMap(({ allocates }) => allocates.map(({ kind }) => kind)));
  const kinds =
    instructions.size === 0
      ? "no memory.grow, no table.grow and no GC allocation is in the binary"
      : `in the binary: ${[...instructions].sort().join(", ")}`;
  return [walked, kinds, ...conclusion()];

  function conclusion(): string[] {
    if (verdict === "found")
      return [`${plural(leading, "root")} lead${leading === 1 ? "s" : ""} to an allocation`];
    const away = [...new Set(sites.map((site) => functions[site.function]!.name))];
    const unreached = away.length > 0 ? [`no call reaches what allocates: ${some(away)}`] : [];
    return verdict === "unknown" ? unreached : [...unreached, ...bordersOf(functions, reached, facts)];
  }
}

/** Why nothing is handed over the border. */
function bordersOf(
  functions: readonly FunctionInfo[],
  reached: ReadonlySet<number>,
  facts: readonly FunctionFacts[],
): string[] {
  const imports = functions.filter((info) => info.import && reached.has(info.index)).length;
  const exported = facts.filter(({ info }) => info.exports.length > 0).length;
  return [
    `no memory is handed in by the ${plural(imports, "import")} called, nor out by the ${plural(exported, "exported function")}`,
  ];
}

const MOST_NAMES = 5;

function some(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

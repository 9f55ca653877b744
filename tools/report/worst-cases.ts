/** How long an item, or a call, can take at most: one answer for each function of a guest's world. */
import type { CallGraph } from "../analysis/call-graph.js";
import type { Reentry } from "../analysis/reentry.js";
import type { WitImports } from "../analysis/wit-imports.js";
import { type Obstacle, worstCase } from "../analysis/worst-case/worst-case.js";
import type { Costs } from "../analysis/worst-case/worst-path.js";
import type { MeanCycles } from "../boards/mean-cycles.js";
import { costOf, ENTRY_COST } from "../instrument/cost-model.js";
import { originOfSource } from "../source/origin.js";
import type { SourcePlaces } from "../source/source-places.js";
import type { CoreModule } from "../wasm/core-module.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import { asyncLifted, callbackName, REALLOC } from "../wit/canonical-names.js";

/** The worst case of an exported function. */
export interface ReportWorstCase {
  readonly export: string;
  /** One round of the loop that takes (or, without a read, gives) items; a call, where there is none. */
  readonly per: "item" | "call";
  /** `file:line` of that loop. */
  readonly loop: string | null;
  /** Wasm instructions, those of the host's calls of `cabi_realloc` included; null without a bound. */
  readonly instructions: number | null;
  /** Why there is no bound. */
  readonly obstacles: readonly { readonly what: string; readonly source: string | null }[];
  /** The same in cycles of the board of --board; null when none was asked for. */
  readonly on_board: BoardWorstCase | null;
}

/** How long an item, or a call, takes a board's core at most. */
export interface BoardWorstCase {
  readonly board: string;
  /** By measured classes of instructions, the host's copies included; null without a bound. */
  readonly cycles: number | null;
  readonly obstacles: readonly string[];
  /** What the items of --run took there on average; null where nothing ran, or the board cannot hold two. */
  readonly mean: MeanCycles | null;
}

/** What is looked at. */
export interface WorstCaseInput {
  readonly module: CoreModule;
  readonly functions: readonly FunctionInfo[];
  readonly graph: CallGraph;
  readonly reentry: Reentry | null;
  readonly places: SourcePlaces;
  readonly wit: WitImports;
}

const CALLED_BACK = "its task is called back, and an item may take several calls";
const COSTS: Costs = { entry: ENTRY_COST, of: ({ opcode }) => costOf(opcode) };

/** One for each export that the guest's world names. */
export function worstCases({ places, wit, ...code }: WorstCaseInput): ReportWorstCase[] {
  const where = (offsets: readonly number[]): string | null => sourceOf(offsets, places);
  const describe = ({ what, places: offsets }: Obstacle): ReportWorstCase["obstacles"][number] => ({
    what,
    source: where(offsets),
  });
  return code.module.exports
    .filter(({ kind, name }) => kind === "func" && isOfWorld(name, wit))
    .map(({ name, index }) => {
      const found = worstCase(code, index, COSTS);
      const common = { export: name, per: found.per, loop: where(found.places), on_board: null };
      if (isCalledBack(name, code.functions, code.graph))
        return { ...common, instructions: null, obstacles: [{ what: CALLED_BACK, source: null }] };
      return { ...common, instructions: found.cost, obstacles: found.obstacles.map(describe) };
    });
}

function isOfWorld(name: string, wit: WitImports): boolean {
  return wit.isKnownExport(name) && !/^(\[callback\]|cabi_)/.test(name) && name !== REALLOC;
}

/** Whether an async-lifted function's task goes on in its callback; under `--wait wait` that only traps. */
function isCalledBack(name: string, functions: readonly FunctionInfo[], graph: CallGraph): boolean {
  const path = asyncLifted(name);
  if (path === null) return false;
  const callback = functions.find(({ exports }) => exports.includes(callbackName(path)));
  return callback !== undefined && graph.edges[callback.index]!.length > 0;
}

/** The first line of the user's among these places, else the first line that there is. */
function sourceOf(offsets: readonly number[], places: SourcePlaces): string | null {
  const lines = offsets.flatMap((offset) => places.at(offset) ?? []);
  return lines.find((line) => originOfSource(line.replace(/:\d+$/, ""), "") === "user") ?? lines[0] ?? null;
}

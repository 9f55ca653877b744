/** The budgets beside the examples, written anew: `npm run bench -- --update`. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildGuest } from "../tools/compile/build-guest.js";
import { packageRoot } from "../tools/package-root.js";
import { runBudget } from "../tools/report/budget/budget-command.js";

/** An example with a budget: where its parts are. */
export interface BudgetedExample {
  readonly name: string;
  readonly entry: string;
  readonly wit: string;
  readonly budget: string;
}

/** The examples that have a WIT; each must have a budget. */
export function budgetedExamples(): BudgetedExample[] {
  const folder = join(packageRoot, "examples");
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, `${name}.wit`)))
    .map((name) => ({
      name,
      entry: join(folder, name, `${name}.ts`),
      wit: join(folder, name, `${name}.wit`),
      budget: join(folder, name, "budget.json"),
    }));
}

/**
 * Writes today's figures into every example's budget.
 * @throws UserError when this machine cannot measure one of them
 */
export async function updateExampleBudgets(): Promise<void> {
  for (const { entry, wit, budget } of budgetedExamples()) {
    const built = await buildGuest({ entry, wit, outDir: join(packageRoot, "build", "bench") });
    await runBudget(built.corePath, { update: true, file: budget });
  }
}

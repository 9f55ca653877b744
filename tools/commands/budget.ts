/** `rill budget CORE.wasm`: checks a guest against its budget, or writes today's figures into it. */
import type { Command } from "commander";
import type { BudgetFlags } from "../report/budget/budget-command.js";
import { withExamples } from "./examples.js";
import { importsOption, noValidateOption, stubOption } from "./shared-options.js";

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("budget")
    .description("check a guest against its budget file, or write today's figures into it")
    .argument("<core.wasm>", "the core module")
    .option("--update", "write today's figures instead of checking them")
    .option("--file <budget.json>", "the budget file", "budget.json")
    .addOption(noValidateOption("take the figures of an invalid module, too"))
    .addOption(importsOption("a JavaScript module with the functions that the guest imports"))
    .addOption(stubOption())
    .action(async (path: string, flags: BudgetFlags) => {
      const { runBudget } = await import("../report/budget/budget-command.js");
      await runBudget(path, flags);
    });
  withExamples(command, "rill budget build/filter.core.wasm");
}

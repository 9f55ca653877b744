/** `rill budget CORE.wasm`: checks a guest against its budget, or writes today's figures into it. */
import type { Command } from "commander";

/** Adds the command. */
export function register(program: Command): void {
  program
    .command("budget")
    .description("check a guest against its budget file, or write today's figures into it")
    .argument("<core.wasm>", "the core module")
    .option("--update", "write today's figures instead of checking them")
    .option("--file <budget.json>", "the budget file", "budget.json")
    .action(async (path: string, flags: { update?: boolean; file: string }) => {
      const { runBudget } = await import("../report/budget/budget-command.js");
      await runBudget(path, flags);
    });
}

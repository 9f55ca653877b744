/** `rill verify CORE.wasm --source DIR`: whether a module is what its sources build. */
import type { Command } from "commander";
import type { VerifyFlags } from "../verify/verify-command.js";
import { withExamples } from "./examples.js";
import { jsonOption } from "./shared-options.js";

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("verify")
    .description("build a guest again and compare the bytes; exit 1 when they differ")
    .argument("<core.wasm>", "the core module, or the component, that rill build wrote")
    .requiredOption("--source <dir>", "the folder that holds the guest's entry and WIT")
    .addOption(jsonOption("the answer"))
    .action(async (path: string, flags: VerifyFlags) => {
      const { runVerify } = await import("../verify/verify-command.js");
      await runVerify(path, flags);
    });
  withExamples(command, "rill verify build/filter.core.wasm --source .");
}

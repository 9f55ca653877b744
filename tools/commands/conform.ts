/** `rill conform --host v8|wamr FILE...`: does a host do what the reference definition says? */
import type { Command } from "commander";
import type { ConformFlags } from "../conform/conform-command.js";
import { jsonOption } from "./shared-options.js";

/** Adds the command. */
export function register(program: Command): void {
  program
    .command("conform")
    .description("replay conformance scripts of the async built-ins on a host")
    .argument("<file...>", "scripts, schema cm-async-conformance/1: .json or .json.gz")
    .requiredOption("--host <host>", "the host to test: v8 or wamr")
    .addOption(jsonOption("the counts and failures"))
    .action(async (paths: string[], flags: ConformFlags) => {
      const { runConform } = await import("../conform/conform-command.js");
      await runConform(paths, flags);
    });
}

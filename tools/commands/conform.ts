/** `rill conform --host v8|wamr|native FILE...`: does a host do what the reference definition says? */
import type { Command } from "commander";
import type { ConformFlags } from "../conform/conform-command.js";
import { withExamples } from "./examples.js";
import { hostOption, jsonOption } from "./shared-options.js";

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("conform")
    .description("replay conformance scripts of the async built-ins on a host")
    .argument("<file...>", "scripts, schema cm-async-conformance/1: .json or .json.gz")
    .addOption(hostOption("the host to test", ["v8", "wamr", "native"]).makeOptionMandatory())
    .addOption(jsonOption("the counts and failures"))
    .action(async (paths: string[], flags: ConformFlags) => {
      const { runConform } = await import("../conform/conform-command.js");
      await runConform(paths, flags);
    });
  withExamples(command, "rill conform --host v8 scripts/stream-read.json");
}

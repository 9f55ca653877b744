/** `rill fit A.wasm B.wasm --board NAME`: whether guests fit a board together. */
import type { Command } from "commander";
import type { FitFlags } from "../boards/fit-command.js";
import { withExamples } from "./examples.js";
import { boardOption, callOption, inOption, jsonOption, thenOption } from "./shared-options.js";

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("fit")
    .description("whether guests fit a board together: RAM, flash, headroom; exit 1 when not")
    .argument("<core.wasm...>", "the core modules that rill build wrote")
    .addOption(boardOption("the board").makeOptionMandatory())
    .option("--native", "the guests as C, compiled into the board's firmware")
    .addOption(thenOption())
    .addOption(callOption("with --then: the first guest's function, IFACE#FUNC, when there are several"))
    .addOption(inOption("with --then: the value of a parameter that is no stream, instead of zero"))
    .addOption(jsonOption("the answer"))
    .action(async (cores: readonly string[], flags: FitFlags) => {
      const { runFit } = await import("../boards/fit-command.js");
      await runFit(cores, flags);
    });
  withExamples(
    command,
    "rill fit build/filter.core.wasm --board microbit",
    "rill fit build/filter.core.wasm --board microbit --native",
  );
}

/** `rill test [DIR|SPEC…] [-t NAME] [--watch] [--junit FILE]`: a guest's specs, then the gate. */
import type { Command } from "commander";
import { tellEnding } from "../errors/last-resort.js";
import type { TestFlags } from "../spec/test-command.js";
import { arenaBytes, callPlaces, endPlaces, waitStrategy } from "./build.js";
import { withExamples } from "./examples.js";
import { wholeNumber } from "./number-option.js";
import { backpressureOption, foundWitOption, waitOption } from "./shared-options.js";
import { featuresOf, type WitOptions, withWitOptions } from "./wit-options.js";

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("test")
    .description("run a guest's specs (*.spec.ts, as as-pect has them) with a scripted host, then the gate")
    .argument("[paths...]", "the guest's folder, or files of specs (default: this folder)")
    .option("--entry <file>", "the guest's AssemblyScript file (default: what rill finds in the folder)")
    .addOption(foundWitOption("its WIT (default: what rill finds in the folder)"));
  withWitOptions(command)
    .option("-t, --test-name-pattern <pattern>", "run the tests whose names, with their groups', match")
    .option(
      "--timeout <seconds>",
      "how long each test may take",
      wholeNumber("--timeout", { of: "seconds", least: 1, most: 86_400 }),
      30,
    )
    .option("--junit <file>", "also write the results as JUnit's XML")
    .option("--no-check", "leave out the gate, which is rill check with its defaults")
    .option(
      "--seconds <n>",
      "time of the gate for each of the guest's two builds",
      wholeNumber("--seconds", { of: "seconds" }),
      60,
    )
    .option("--arena <bytes>", "bytes of each region of the arena, as given to rill build", arenaBytes)
    .option("--call-places <count>", "calls of one function side by side, as given to rill build", callPlaces)
    .option("--ends <count>", "streams and futures inside values, as given to rill build", endPlaces)
    .addOption(waitOption("for the gate: how a task waits").argParser(waitStrategy))
    .addOption(backpressureOption("for the gate: a task raises backpressure"))
    .option("--watch", "stay, and test again when a file that was read changes")
    .action(async (named: string[], options: TestFlags & WitOptions & { readonly watch?: boolean }) => {
      const { runTests } = await import("../spec/test-command.js");
      const paths = named.length > 0 ? named : ["."];
      const flags = { ...options, features: featuresOf(options) };
      if (!options.watch) {
        await runTests(paths, flags);
        return;
      }
      const { watchBuild } = await import("../compile/watch.js");
      await watchBuild(paths, async (onRead) => {
        try {
          await runTests(paths, flags, onRead);
        } catch (error) {
          tellEnding(error, process.argv.slice(2));
        }
        process.stderr.write("rill: waiting for a change\n");
      });
    });
  withExamples(command, "rill test", 'rill test -t "reader leaves"');
}

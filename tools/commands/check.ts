/** `rill check ENTRY.ts --wit WIT [--json]`: the memory-safety gate. */
import type { Command } from "commander";
import type { CheckFlags } from "../gate/check-command.js";
import { arenaBytes, callPlaces, endPlaces, tasks, waitStrategy } from "./build.js";
import { withExamples } from "./examples.js";
import { wholeNumber } from "./number-option.js";
import { backpressureOption, importsOption, jsonOption, waitOption, witOption } from "./shared-options.js";
import { featuresOf, type WitOptions, withWitOptions } from "./wit-options.js";

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("check")
    .description(
      "the memory-safety gate: every order of the host's events, every byte that the guest touches",
    )
    .argument("<entry>", "the guest's AssemblyScript file")
    .addOption(witOption());
  withWitOptions(command)
    .addOption(jsonOption("the result"))
    .option(
      "--items <n>",
      "the most items that each stream gives or takes",
      wholeNumber("--items", { of: "items", most: 1000 }),
      4,
    )
    .option(
      "--streams <n>",
      "streams and futures that each stream gives or takes at most inside of its items (default: as many as items)",
      wholeNumber("--streams", { of: "streams", most: 1000 }),
    )
    .option(
      "--calls <n>",
      "calls that the host makes in a row",
      wholeNumber("--calls", { of: "calls", least: 1, most: 1000 }),
      2,
    )
    .option(
      "--seconds <n>",
      "time for each of the guest's two builds",
      wholeNumber("--seconds", { of: "seconds" }),
      60,
    )
    .option("--arena <bytes>", "bytes of each region of the arena, as given to rill build", arenaBytes)
    .option("--call-places <count>", "calls of one function side by side, as given to rill build", callPlaces)
    .option("--ends <count>", "streams and futures inside values, as given to rill build", endPlaces)
    .option("--tasks <count>", "tasks of one instance at once, as given to rill build", tasks)
    .addOption(waitOption("how a task waits, as given to rill build").argParser(waitStrategy))
    .addOption(backpressureOption("a task raises backpressure, as given to rill build"))
    .addOption(importsOption("a JavaScript module whose functions say what imported functions answer"))
    .option(
      "--random <n>",
      "run n random schedules instead of all",
      wholeNumber("--random", { of: "schedules", least: 1 }),
    )
    .option(
      "--seed <n>",
      "with --random: seed of the first schedule (default: 1)",
      wholeNumber("--seed", { of: "seeds", most: 0xffff_ffff }),
    )
    .action(async (entry: string, flags: CheckFlags & WitOptions) => {
      const { runCheck } = await import("../gate/check-command.js");
      await runCheck(entry, { ...flags, features: featuresOf(flags) });
    });
  withExamples(command, "rill check filter.ts --wit filter.wit");
}

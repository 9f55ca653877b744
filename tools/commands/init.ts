import type { Command } from "commander";
import { visible } from "../errors/visible-text.js";
import { templateNames } from "../init/template.js";
import { withExamples } from "./examples.js";
import { choiceOption } from "./shared-options.js";

/** `rill init DIR [--template NAME]`. */
export function register(program: Command): void {
  const command = program
    .command("init")
    .description("make a new guest project that builds, runs and tests at once")
    .argument("<dir>", "a new folder; its name becomes the guest's")
    .addOption(
      choiceOption(
        "--template <name>",
        "what to start from: filter (streams in and out), firmware (an image for a board), command or http (of WASI 0.3)",
        templateNames(),
      ).default("filter"),
    )
    .action(async (folder: string, { template }: { template: string }) => {
      const { initProject } = await import("../init/init-project.js");
      for (const path of initProject(folder, template)) process.stdout.write(`${visible(path)}\n`);
    });
  withExamples(command, "rill init filter", "rill init blinky --template firmware");
}

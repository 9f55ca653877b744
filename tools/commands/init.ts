import type { Command } from "commander";
import { visible } from "../errors/visible-text.js";

/** `rill init DIR`. */
export function register(program: Command): void {
  program
    .command("init")
    .description("make a new guest project that builds, runs and tests at once")
    .argument("<dir>", "a new folder; its name becomes the guest's")
    .action(async (folder: string) => {
      const { initProject } = await import("../init/init-project.js");
      for (const path of initProject(folder)) process.stdout.write(`${visible(path)}\n`);
    });
}

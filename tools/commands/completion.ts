import { Argument, type Command } from "commander";
import { withExamples } from "./examples.js";

const details = `
Add one line to the start-up file of your shell; rill has to be on PATH there (npm install --global as-rill):
  bash  source <(rill completion bash)         ~/.bashrc
  zsh   source <(rill completion zsh)          ~/.zshrc, after compinit
  fish  rill completion fish | source          ~/.config/fish/config.fish`;

/** `rill completion SHELL`. */
export function register(program: Command): void {
  const command = program
    .command("completion")
    .description("print a script that completes commands, options and their values in a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
    .addHelpText("after", details)
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { commandWords } = await import("../completion/command-words.js");
      const { bashCompletion } = await import("../completion/bash.js");
      const { zshCompletion } = await import("../completion/zsh.js");
      const { fishCompletion } = await import("../completion/fish.js");
      const script = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell];
      process.stdout.write(script(program.name(), commandWords(program)));
    });
  withExamples(command, "rill completion bash");
}

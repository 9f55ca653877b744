/** Examples in `rill COMMAND --help`. */
import type { Command } from "commander";

/**
 * Ends the help of `command` with examples: lines that work as they are in the project that
 * `rill init filter` makes, where nothing else is needed.
 */
export function withExamples(command: Command, ...lines: readonly [string, ...string[]]): void {
  const title = lines.length === 1 ? "Example" : "Examples";
  command.addHelpText("after", `\n${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`);
}

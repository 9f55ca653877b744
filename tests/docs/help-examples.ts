/** The examples in the help of the commands. */
import { commandLine } from "../../tools/cli.js";

/** The lines that stand under `Examples:` in `rill NAME --help`. */
export function examplesOf(name: string): string[] {
  const command = commandLine().commands.find((one) => one.name() === name);
  let help = "";
  command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return [...help.slice(help.search(/^Examples?:$/m)).matchAll(/^ {2}(rill .*)$/gm)].map(([, line]) => line!);
}

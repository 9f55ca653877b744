/**
 * The `rill` command: reads the arguments, runs one command, turns its errors
 * into the exit codes that scripts rely on.
 */
import { Command, CommanderError } from "commander";
import { register as bindgen } from "./commands/bindgen.js";
import { register as budget } from "./commands/budget.js";
import { register as build } from "./commands/build.js";
import { register as check } from "./commands/check.js";
import { register as completion } from "./commands/completion.js";
import { register as compose } from "./commands/compose.js";
import { register as conform } from "./commands/conform.js";
import { register as fit } from "./commands/fit.js";
import { register as flash } from "./commands/flash.js";
import { register as init } from "./commands/init.js";
import { register as pack } from "./commands/pack.js";
import { register as report } from "./commands/report.js";
import { register as run } from "./commands/run.js";
import { register as verify } from "./commands/verify.js";
import { register as test } from "./commands/test.js";
import { tellEnding } from "./errors/last-resort.js";
import { systemReason } from "./errors/system-error.js";
import { UserError } from "./errors/user-error.js";
import { visibleLines } from "./errors/visible-text.js";
import { version } from "./version.js";

/** Adds one command to the program; one file in `commands/` each. */
export type RegisterCommand = (program: Command) => void;

const commands: readonly RegisterCommand[] = [
  bindgen,
  budget,
  build,
  check,
  completion,
  compose,
  conform,
  fit,
  flash,
  init,
  pack,
  report,
  run,
  verify,
  test,
];

/** Runs the command that `args` ask for; leaves the exit code in the process. Never rejects. */
export async function main(args: readonly string[]): Promise<void> {
  const end = (error: unknown): void => {
    process.exit(tellEnding(error, args));
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
  // Whoever reads the output may stop when he has seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE")
      end(new UserError(`standard output: cannot be written: ${systemReason(error)}`));
    process.exit();
  });
  process.stderr.on("error", () => undefined);
  try {
    await commandLine().parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode =
      error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : tellEnding(error, args);
  }
}

/** The program with its commands, ready to parse. */
export function commandLine(): Command {
  const program = new Command("rill")
    .description("Component Model streams for microcontrollers, in AssemblyScript")
    .version(version)
    .option(
      "--cache <folder>",
      "where downloads and builds are kept (or RILL_CACHE; default: the system's cache folder)",
    )
    .option("--debug", "show the stack of an error")
    .hook("preAction", () => {
      const { cache } = program.opts<{ cache?: string }>();
      if (cache === "") throw new UserError("--cache: name a folder");
      if (cache !== undefined) process.env.RILL_CACHE = cache;
    })
    .configureHelp({ showGlobalOptions: true });
  for (const register of commands) register(program);
  for (const command of [program, ...program.commands]) tellUsage(command);
  return program;
}

/** Gives the usage errors of `command` the shape of all others, with the help to look at. */
function tellUsage(command: Command): void {
  const path = command.parent ? `${command.parent.name()} ${command.name()}` : command.name();
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      const said = text.replace(/^error: /, "").trim();
      const line = said.replace(/\s*\(Did you mean (.*)\?\)$/, "; did you mean $1?").replaceAll(/\s+/g, " ");
      write(`rill: ${visibleLines(line.replace(/\.$/, ""))}; see ${path} --help\n`);
    },
  });
}

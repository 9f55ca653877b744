/** The `rill` command: reads the arguments, runs one command, turns its errors into the exit codes that scripts rely on. */
import { Command, CommanderError } from "commander";
import { register as bindgen } from "./commands/bindgen.js";
import { register as budget } from "./commands/budget.js";
import { register as build } from "./commands/build.js";
import { register as check } from "./commands/check.js";
import { register as conform } from "./commands/conform.js";
import { register as flash } from "./commands/flash.js";
import { register as init } from "./commands/init.js";
import { register as pack } from "./commands/pack.js";
import { register as report } from "./commands/report.js";
import { register as run } from "./commands/run.js";
import { CheckFailure, UserError } from "./errors/user-error.js";
import { visibleLines } from "./errors/visible-text.js";
import { version } from "./version.js";

/** Adds one command to the program; one file in `commands/` each. */
export type RegisterCommand = (program: Command) => void;

const commands: readonly RegisterCommand[] = [
  bindgen,
  budget,
  build,
  check,
  conform,
  flash,
  init,
  pack,
  report,
  run,
];

const program = new Command("rill")
  .description("Component Model streams for microcontrollers, in AssemblyScript")
  .version(version)
  .showHelpAfterError("(rill --help lists the commands)")
  .configureOutput({ writeErr: (text) => process.stderr.write(visibleLines(text)) })
  .exitOverride();
for (const register of commands) register(program);
for (const command of program.commands) command.exitOverride();

// Whoever reads the output may stop when he has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof UserError) {
    process.stderr.write(`rill: ${visibleLines(error.message)}\n`);
    process.exitCode = 2;
  } else if (error instanceof CheckFailure) {
    process.stderr.write(`rill: ${visibleLines(error.message)}\n`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}

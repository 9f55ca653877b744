/** The process behind served-rill.ts: each message is a command, each answer its exit code. */
import { main } from "../tools/cli.js";
import type { Typed } from "./served-rill.js";

async function serve({ args, cwd }: Typed): Promise<number> {
  process.chdir(cwd);
  process.exitCode = 0;
  await main(args);
  // What a process of its own would take with it.
  for (const name of ["uncaughtException", "unhandledRejection"]) process.removeAllListeners(name);
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners("error");
  return Number(process.exitCode);
}

process.on("message", (typed: Typed) => {
  void serve(typed).then((code) => process.send!(code));
});
process.on("disconnect", () => process.exit());

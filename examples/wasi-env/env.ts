/** Prints its arguments, one a line, then the environment variable GREETING. */
import { args, env, print, printError } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";

export function runRun(task: run.Task): void {
  const words = args();
  for (let i = 1; i < words.length; i++) print(words[i]);
  const greeting = env("GREETING");
  if (greeting === null) {
    printError("env: there is no GREETING");
    task.resolve(false);
    return;
  }
  task.resolve(print("GREETING=" + greeting));
}

/** Says hello. */
import { print } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";

export function runRun(task: run.Task): void {
  task.resolve(print("Hello, world!"));
}

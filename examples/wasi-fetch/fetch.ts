/**
 * Sends GET to the authority that is its first argument, for the path that is its
 * second, and prints the body of the answer.
 */
import { args, closeAnswer, copy, get, openAnswer, printError } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";
import * as stdout from "./bindings/wasi-cli-stdout";

export function runRun(task: run.Task): void {
  const words = args();
  if (words.length != 3) {
    printError("fetch: name an authority and a path, such as example.com /");
    task.resolve(false);
    return;
  }
  if (!get(words[1], words[2])) {
    printError("fetch: there is no answer");
    task.resolve(false);
    return;
  }
  const input = openAnswer();
  const output = stdout.StreamU8.create();
  const written = stdout.writeViaStream(stdout.StreamU8.readable(output)).open();
  const isAll = copy(input, output);
  output.drop();
  task.resolve(written.read().tag == stdout.ResultUnitErrorCode.ok && isAll);
  closeAnswer(input);
}

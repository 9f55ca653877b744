/** Copies standard input to standard output, in memory that does not grow. */
import { copy } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";
import * as stdin from "./bindings/wasi-cli-stdin";
import * as stdout from "./bindings/wasi-cli-stdout";

export function runRun(task: run.Task): void {
  const source = stdin.readViaStream();
  const input = source.item0.open();
  source.item1.drop();
  const output = stdout.StreamU8.create();
  const written = stdout.writeViaStream(stdout.StreamU8.readable(output)).open();
  copy(input, output);
  output.drop();
  task.resolve(written.read().tag == stdout.ResultUnitErrorCode.ok);
}

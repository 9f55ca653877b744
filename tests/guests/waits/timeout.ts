/** Ok when a byte of standard input comes within half a second. */
import { waitAny } from "as-rill/assembly";
import { run } from "./bindings/wasi-cli-run";
import * as clock from "./bindings/wasi-clocks-monotonic-clock";
import * as stdin from "./bindings/wasi-cli-stdin";

export function runRun(task: run.Task): void {
  const source = stdin.readViaStream();
  source.item1.drop();
  const input = source.item0.open();
  input.start();
  clock.waitFor.start(500_000_000);
  const first = waitAny(input, clock.waitFor.pending());
  input.drop();
  clock.waitFor.drop();
  task.resolve(first == 0);
}

/** Waits for a byte of standard input, for two seconds at most. */
import { waitAny } from "as-rill/assembly";
import { print } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";
import * as stdin from "./bindings/wasi-cli-stdin";
import { waitFor } from "./bindings/wasi-clocks-monotonic-clock";

const TWO_SECONDS: u64 = 2_000_000_000;

export function runRun(task: run.Task): void {
  const source = stdin.readViaStream();
  const input = source.item0.open();
  source.item1.drop();
  input.start();
  waitFor.start(TWO_SECONDS);
  const isInTime = waitAny(input, waitFor.pending()) == 0;
  input.drop();
  waitFor.drop();
  print(isInTime ? "in time" : "too late");
  task.resolve(isInTime);
}

/** Ok when of two timers the shorter one ends first, although it was begun last. */
import { waitAny } from "as-rill/assembly";
import { run } from "./bindings/wasi-cli-run";
import * as clock from "./bindings/wasi-clocks-monotonic-clock";

export function runRun(task: run.Task): void {
  const long = clock.waitFor.open();
  const short = clock.waitFor.open();
  long.start(300_000_000);
  short.start(20_000_000);
  const first = waitAny(long, short);
  short.result();
  short.drop();
  const isOpen = !long.poll();
  long.result();
  long.drop();
  task.resolve(first == 1 && isOpen);
}

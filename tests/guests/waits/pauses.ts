/** Ok when a clock's call that is only polled for comes to its end. */
import { pause } from "as-rill/assembly";
import { run } from "./bindings/wasi-cli-run";
import * as clock from "./bindings/wasi-clocks-monotonic-clock";

export function runRun(task: run.Task): void {
  let pauses = 0;
  if (!clock.waitFor.start(20_000_000)) {
    while (!clock.waitFor.poll()) {
      pauses++;
      pause();
    }
  }
  clock.waitFor.result();
  task.resolve(pauses > 0);
}

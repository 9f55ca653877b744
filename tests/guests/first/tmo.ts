import { waitAny } from "as-rill/assembly";
import { gather } from "./bindings/my-tmo-app";
import * as clock from "./bindings/my-tmo-clock";

export function run(task: gather.Task): void {
  const input = task.samples;
  let count: u32 = 0;
  for (;;) {
    input.start();
    clock.waitFor.start(100);
    const first = waitAny(input, clock.waitFor.pending());
    clock.waitFor.drop();
    if (first != 0 || !input.next()) break;
    count++;
  }
  input.drop();
  task.resolve(count);
}

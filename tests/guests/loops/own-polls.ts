/** A class with a `poll` of its own: it may do what it likes, and no loop of the guest is changed. */
import * as clock from "./bindings/test-loops-clock";
import { watch } from "./bindings/test-loops-watch";

let looks: u32 = 0;

class Timer {
  poll(): bool {
    looks++;
    return clock.waitFor.poll();
  }
}

export function askObject(timer: Timer): void {
  while (!timer.poll()) {}
}

export function runWatch(task: watch.Task): void {
  clock.waitFor.start(1000);
  while (!clock.waitFor.poll()) {}
  task.resolve(looks);
}

/**
 * Loops that poll. `wait…` do nothing else and are built to wait; `ask…` do more, or are not what they look
 * like, and stay as they are written.
 */
import { pause } from "as-rill/assembly";
import * as clock from "./bindings/test-loops-clock";
import { StreamU16Reader as Samples, waitFor as timer } from "./bindings/test-loops-clock";
import { watch } from "./bindings/test-loops-watch";

let turns: u32 = 0;
let stopped: bool = false;

// Wait.

export function waitForEither(input: Samples): bool {
  let ready = input.start();
  let over = clock.waitFor.start(1000);
  while (!ready && !over) {
    ready = input.poll();
    over = clock.waitFor.poll();
  }
  return ready;
}

export function waitBare(input: Samples): void {
  while (!input.poll()) {}
}

export function waitInCondition(input: Samples, other: Samples): void {
  while (!input.poll() && !timer.poll() && !other.poll());
}

export function waitAtTheEnd(input: Samples): bool {
  let ready = false;
  do {
    ready = input.poll();
  } while (!ready && !timer.poll());
  return ready;
}

export function waitAndLeave(input: Samples): u32 {
  for (;;) {
    if (input.poll()) {
      turns++;
      return input.next() ? input.value : 0;
    }
    if (timer.poll()) break;
  }
  return 0;
}

export function waitWithFlags(input: Samples): bool {
  let isDone = false;
  let isLate = false;
  while (!isDone) {
    if (input.poll()) isDone = true;
    else if (timer.poll()) {
      isLate = true;
      isDone = true;
    }
  }
  return isLate;
}

export function waitForBoth(input: Samples, other: Samples): void {
  let one = false;
  let two = false;
  while (!(one && two)) {
    one = one || input.poll();
    if (other.poll()) two = true;
  }
}

export function waitForAll(input: Samples, other: Samples): void {
  for (let isFirst = true; ;) {
    const one = input.poll();
    const two = other.poll();
    if (one && two && timer.poll()) break;
    if (isFirst != true) return;
  }
}

export function waitAndWork(input: Samples): u32 {
  let sum: u32 = 0;
  let isOpen = true;
  while (isOpen) {
    if (input.poll()) {
      isOpen = input.next();
      if (isOpen) sum += input.value;
      input.start();
    }
  }
  return sum;
}

export function waitForObject(): void {
  const call = clock.waitUntil.open();
  call.start(1000);
  while (!call.poll()) {}
  call.drop();
}

export function waitWithHidden(input: Samples, turns: u32): void {
  const stopped = turns > 10;
  while (!stopped && !input.poll()) {}
}

// Ask.

/** A turn that counts is not as the one before. */
export function askAndCount(input: Samples): i32 {
  let n = 0;
  while (!input.poll()) n++;
  return n;
}

/** What a global holds may change while others run. */
export function askGlobal(input: Samples): void {
  while (!stopped && !input.poll()) {}
}

/** So may it where a block has a variable of that name. */
export function askBesideBlock(input: Samples): void {
  {
    const stopped = turns;
    turns = stopped + 1;
  }
  while (!stopped && !input.poll()) {}
}

class Watcher {
  stopped: u32 = 0;
  /** The field is called `this.stopped`. */
  askBesideField(input: Samples): void {
    while (!stopped && !input.poll()) {}
    this.stopped++;
  }
}

export function askInMethod(input: Samples): void {
  new Watcher().askBesideField(input);
}

/** Others see what is stored there. */
export function askIntoGlobal(input: Samples): void {
  while (!stopped) stopped = input.poll();
}

/** Who lets others run has said what is to happen. */
export function askAndPause(input: Samples): void {
  while (!input.poll()) pause();
}

function isReady(input: Samples): bool {
  turns++;
  return input.poll();
}

/** A function may do anything. */
export function askByFunction(input: Samples): void {
  while (!isReady(input)) {}
}

namespace own {
  export function poll(): bool {
    turns++;
    return turns > 10;
  }
  export function pending(): bool {
    return true;
  }
}

/** So may one of this name that is not the library's. */
export function askOwn(): void {
  while (!own.poll()) {}
}

/** Writing is an effect, in every turn. */
export function askAndWork(input: Samples): void {
  while (!input.poll()) {
    turns += 1;
  }
}

/** It never asks. */
export function askNothing(n: i32): void {
  let isDone = false;
  while (!isDone) isDone = n > 0;
}

/** A variable that the loop itself declares has no value in front of it. */
export function askAnother(input: Samples): void {
  for (let at = input; !at.poll();) {}
}

export function runWatch(task: watch.Task): void {
  const samples = clock.samples().open();
  if (waitForEither(samples)) turns++;
  timer.drop();
  timer.start(10);
  waitAndLeave(samples);
  samples.drop();
  timer.drop();
  task.resolve(turns);
}

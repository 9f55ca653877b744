/** The word on which the guest's side of a line sleeps. Whoever sends it something changes it. */
import { BELL } from "./wire.js";

/** Has whoever sleeps at the bell look again. */
export function ring(words: Int32Array): void {
  Atomics.add(words, BELL, 1);
  Atomics.notify(words, BELL);
}

/** How often it has rung. */
export function rings(words: Int32Array): number {
  return Atomics.load(words, BELL);
}

/** Sleeps until it has rung more often than `heard`. @returns false when it has not in `milliseconds` */
export function sleepUntilRung(words: Int32Array, heard: number, milliseconds = Infinity): boolean {
  return Atomics.wait(words, BELL, heard, milliseconds) !== "timed-out";
}

import { writeSync } from "node:fs";
import { visible } from "../../errors/visible-text.js";

/** Tells on standard error, at once and from any thread, what happens while a guest runs. */
export function logLine(text: string): void {
  try {
    writeSync(2, `${visible(text)}\n`);
  } catch {
    // Nobody listens, or a pipe is full: a log must not end the run.
  }
}

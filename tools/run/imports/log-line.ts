import { writeSync } from "node:fs";
import { visible } from "../../errors/visible-text.js";

/** Tells on standard error, at once and from any thread, what happens while a guest runs. */
export function logLine(text: string): void {
  writeToLog(`${visible(text)}\n`);
}

/** Puts text there as it is. */
export function writeToLog(text: string | Uint8Array): void {
  try {
    writeSync(2, text as string);
  } catch {
    // Nobody listens, or a pipe is full: a log must not end the run.
  }
}

/** What is known of a file by its descriptor, and waiting for one. */
import { fstatSync } from "node:fs";

/** Whether it is a file on a disk: always ready, and nobody waits at its other end. */
export function isRegular(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false; // closed: the next use says so
  }
}

/** Waits a little for a terminal or pipe that is not ready. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

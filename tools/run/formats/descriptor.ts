/** What is known of a file by its descriptor, and waiting for one. */
import { fstatSync, statSync } from "node:fs";

/** Whether it is a file on a disk: always ready, and nobody waits at its other end. */
export function isRegular(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false; // closed: the next use says so
  }
}

/** The same of a path; `-` is standard input or output, which may be anything. */
export function isRegularFile(path: string): boolean {
  return path !== "-" && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Waits a little for a terminal or pipe that is not ready. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/**
 * Refuses an output that is one of the inputs, by whatever name: it would be empty
 * before it is read, or grow while it is.
 */
import { fstatSync, statSync, type BigIntStats } from "node:fs";
import { UserError } from "../errors/user-error.js";

/**
 * A file that a command reads or writes: how the user has named it, and where it
 * is: `-` is standard input or output.
 */
export interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/** @throws UserError when `output` is one of `inputs`, through links, too */
export function refuseSameFile(output: NamedFile, inputs: readonly NamedFile[]): void {
  const written = identity(output.path, 1);
  const same = inputs.find((input) => written !== null && identity(input.path, 0) === written);
  if (same === undefined) return;
  throw new UserError(
    `${output.name} is the same file as ${same.name}, which is read; write to another file`,
  );
}

/** Whether standard output goes into the file at `path`. */
export function isStandardOutput(path: string): boolean {
  const found = identity(path, 1);
  return found !== null && found === identity("-", 1);
}

/**
 * One text for one file; null for what is not there, and for what can be read
 * and written at once, like a terminal.
 */
function identity(path: string, standard: 0 | 1): string | null {
  const stats = statOf(path === "-" ? standard : path);
  if (stats === null || !(stats.isFile() || stats.isFIFO() || stats.isBlockDevice())) return null;
  return `${stats.dev}:${stats.ino}`;
}

function statOf(file: string | number): BigIntStats | null {
  try {
    return typeof file === "number" ? fstatSync(file, { bigint: true }) : statSync(file, { bigint: true });
  } catch {
    return null; // not there, or closed: whoever opens it says so
  }
}

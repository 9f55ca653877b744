/**
 * New content for a file that stays as it is until the content is whole.
 *
 * It is written to a file beside the old one, which takes its place by one rename. A link keeps pointing
 * to the file that is replaced; permissions stay. Where a rename would part names of one file (hard
 * links), or the folder takes no files, the old file is overwritten at the end instead. Devices and pipes
 * cannot be replaced: they are written through.
 */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  type Stats,
} from "node:fs";
import { tmpdir } from "node:os";
import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";

/** Content on its way into a file; plain data, so that another thread can finish it. */
export interface Replacement {
  /** What is written to. */
  readonly descriptor: number;
  /** The file that is replaced; null for what is written through. */
  readonly target: string | null;
  readonly temporary: string;
  /** Whether the target is overwritten instead of replaced by a rename. */
  readonly inPlace: boolean;
}

/** Links in a row after which the system gives up, too. */
const MAX_LINKS = 40;

/**
 * Begins to replace the file at `path`, which may not be there yet. Throws what the
 * system says when it cannot be written.
 */
export function openReplacement(path: string): Replacement {
  const stats = statSync(path, { throwIfNoEntry: false });
  // A socket cannot be opened by its name.
  if (stats !== undefined && isOurStdout(stats)) return through(1);
  if (stats !== undefined && !stats.isFile()) return through(openSync(path, "w"));
  const target = behindLinks(path);
  if (stats === undefined) return beside(target, 0o666, false);
  accessSync(target, constants.W_OK);
  const replacement = beside(target, stats.mode & 0o7777, stats.nlink > 1);
  chmodSync(replacement.temporary, stats.mode & 0o7777);
  return replacement;
}

/** Puts the new content in place. */
export function finishReplacement({ descriptor, target, temporary, inPlace }: Replacement): void {
  if (descriptor > 2) closeSync(descriptor);
  if (target === null) return;
  if (inPlace) copyFileSync(temporary, target);
  else renameSync(temporary, target);
  rmSync(temporary, { force: true });
}

/** Throws the new content away. */
export function discardReplacement({ descriptor, target, temporary }: Replacement): void {
  if (descriptor > 2) closeSync(descriptor);
  if (target !== null) rmSync(temporary, { force: true });
}

/** Writing to a descriptor. */
export function through(descriptor: number): Replacement {
  return { descriptor, target: null, temporary: "", inPlace: false };
}

function beside(target: string, mode: number, inPlace: boolean): Replacement {
  // Without the name of the file: a long one would be too long.
  const name = `.${createHash("sha256").update(target).digest("hex").slice(0, 12)}.${process.pid}.half`;
  const make = (temporary: string, overwrites: boolean): Replacement => {
    rmSync(temporary, { force: true });
    return { descriptor: openSync(temporary, "wx", mode), target, temporary, inPlace: overwrites };
  };
  try {
    return make(join(dirname(target), name), inPlace);
  } catch (error) {
    if (statSync(target, { throwIfNoEntry: false }) === undefined) throw error;
    return make(join(tmpdir(), name), true);
  }
}

/** `/dev/stdout`: what the shell has opened is written to, at its place. */
function isOurStdout(stats: Stats): boolean {
  try {
    const ours = fstatSync(1);
    return ours.dev === stats.dev && ours.ino === stats.ino;
  } catch {
    return false; // closed
  }
}

function behindLinks(path: string): string {
  let target = resolve(path);
  for (let links = 0; links < MAX_LINKS; links++) {
    if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return target;
    target = resolve(dirname(target), readlinkSync(target));
  }
  return target;
}

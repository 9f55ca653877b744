/**
 * `rill build --watch`: builds again when something that the build has read
 * changes; the compilers stay loaded.
 */
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * How long a change may go unseen, and how long an editor has to finish what it writes. Asking works
 * on every file system, for files that are replaced and for those that are not there yet; a hundred
 * files cost a thousandth of a processor.
 */
const PAUSE_MS = 100;

/**
 * Builds, and builds again after each change, until a signal ends the process.
 * @param always paths that each build reads: files, and folders of WIT packages and specs
 * @param build  tells of the other paths that it reads, before it does; never rejects
 */
export async function watchBuild(
  always: readonly string[],
  build: (onRead: (path: string) => void) => Promise<void>,
): Promise<never> {
  for (;;) {
    const read = new Map(always.map((path) => [path, stampOf(path)]));
    await build((path) => {
      if (!read.has(path)) read.set(path, stampOf(path));
    });
    while ([...read].every(([path, stamp]) => stampOf(path) === stamp)) await sleep(PAUSE_MS);
    await sleep(PAUSE_MS);
  }
}

/**
 * What differs once the file, or a WIT file or spec in the folder, has been written; the same as long as
 * there is none.
 */
function stampOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true });
    if (stat.isDirectory())
      return readdirSync(path)
        .filter((name) => /\.wit$|\.spec\.ts$/.test(name) || name === "deps" || basename(path) === "deps")
        .map((name) => `${name} ${stampOf(join(path, name))}`)
        .join("\n");
    return [stat.ino, stat.size, stat.mtimeNs].join();
  } catch {
    return "";
  }
}

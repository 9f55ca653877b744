/** The folder of downloads and of builds that are worth keeping; several processes may fill it at once. */
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import envPaths from "env-paths";
import { systemReason } from "../errors/system-error.js";
import { UserError } from "../errors/user-error.js";
import { makeFolder } from "../files/write-whole.js";
import { type TemporaryFolder, temporaryFolder } from "../processes/temporary-folder.js";

/**
 * The folder that holds every download and build: `RILL_CACHE` (or `--cache`), else where the system keeps a
 * user's caches. Safe to delete: what is missing is made again.
 */
export function cacheRoot(): string {
  const { RILL_CACHE: chosen } = process.env;
  return chosen ? resolve(chosen) : envPaths("as-rill", { suffix: "" }).cache;
}

/**
 * The folder `key` of the cache, filled by `fill` if it is not there yet.
 * `fill` works in a fresh folder that becomes the entry by one rename, so nobody ever sees
 * half an entry; of two processes that fill the same entry at once, the second throws its own
 * away. A failing `fill` leaves nothing.
 * @param key  one name for one content: it holds the version or a hash of the pins
 * @param fill writes the entry's files into `folder`, without keeping that path in them
 */
export async function cached(
  key: string,
  fill: (folder: string) => Promise<void>,
  root: string = cacheRoot(),
): Promise<string> {
  const entry = join(root, key);
  if (existsSync(entry)) return entry;
  const { path: fresh, remove } = freshFolder(root, key);
  try {
    await fill(fresh);
    await rename(fresh, entry);
  } catch (error) {
    if (!existsSync(entry)) throw error;
  } finally {
    remove();
  }
  return entry;
}

/** @throws UserError when the cache takes nothing */
function freshFolder(root: string, key: string): TemporaryFolder {
  try {
    makeFolder(root);
    return temporaryFolder(`.${key}-`, root);
  } catch (error) {
    const why =
      error instanceof UserError ? error.message : `${root}: cannot be written: ${systemReason(error)}`;
    throw new UserError(`${why}; name another folder for the cache with --cache or RILL_CACHE`);
  }
}

/** The folder of downloads and of builds that are worth keeping; several processes may fill it at once. */
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { temporaryFolder } from "../processes/temporary-folder.js";

/** Holds every download. Ignored by git, safe to delete, found again by key. `RILL_CACHE` moves it. */
export const cacheRoot: string = process.env.RILL_CACHE ?? join(packageRoot, ".cache");

/**
 * The folder `key` of the cache, filled by `fill` if it is not there yet.
 * `fill` works in a fresh folder that becomes the entry by one rename, so nobody ever sees half an entry; of two
 * processes that fill the same entry at once, the second throws its own away. A failing `fill` leaves nothing.
 * @param key  one name for one content: it holds the version or a hash of the pins
 * @param fill writes the entry's files into `folder`, without keeping that path in them
 */
export async function cached(
  key: string,
  fill: (folder: string) => Promise<void>,
  root: string = cacheRoot,
): Promise<string> {
  const entry = join(root, key);
  if (existsSync(entry)) return entry;
  await mkdir(root, { recursive: true });
  const { path: fresh, remove } = temporaryFolder(`.${key}-`, root);
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

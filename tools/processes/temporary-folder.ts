/** Folders in the system's place for temporary files, which are gone when this process is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whenLeaving } from "./leaving.js";

/** A folder that is there until `remove` is called or the process goes. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** Makes a folder whose name begins with `prefix`, in the system's folder for such, or in `parent`. */
export function temporaryFolder(prefix: string, parent: string = tmpdir()): TemporaryFolder {
  const path = mkdtempSync(join(parent, prefix));
  const remove = (): void => {
    // A child that is ending may still write there.
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  };
  const forget = whenLeaving(remove);
  return {
    path,
    remove: () => {
      forget();
      remove();
    },
  };
}

/** Lets `use` work in such a folder. */
export async function inTemporaryFolder<T>(
  prefix: string,
  use: (path: string) => T | Promise<T>,
): Promise<T> {
  const folder = temporaryFolder(prefix);
  try {
    return await use(folder.path);
  } finally {
    folder.remove();
  }
}

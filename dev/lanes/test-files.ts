/** Which compiled tests belong to a folder of `tests/`. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/**
 * The compiled form of every `*.test.ts` under `tests/FOLDER`, sorted, relative to the repository.
 * The sources are listed, not `dist`: what was deleted from the sources may still lie there.
 */
export function testFiles(folder: string, root: string = packageRoot): string[] {
  const source = join(root, "tests", folder);
  if (!existsSync(source)) return [];
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .sort()
    .map((path) => join("dist", "tests", folder, path.replace(/\.ts$/, ".js")));
}

/** The folders of `tests/` that hold such tests. */
export function testFolders(root: string = packageRoot): string[] {
  const entries = readdirSync(join(root, "tests"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return folders.filter((folder) => testFiles(folder, root).length > 0).sort();
}

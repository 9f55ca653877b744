/** Which compiled tests belong to a folder of `tests/`. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/**
 * Every `*.test.ts` under `tests/FOLDER`, sorted, relative to the repository.
 * The sources are listed, not `dist`: what was deleted from the sources may still lie there.
 */
export function testFiles(folder: string, root: string = packageRoot, ending = ".test.ts"): string[] {
  const source = join(root, "tests", folder);
  if (!existsSync(source)) return [];
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .sort()
    .map((path) => join("tests", folder, path));
}

/** Where the compiled form of a TypeScript file of the repository lies. */
export function compiled(source: string): string {
  return join("dist", source.replace(/\.ts$/, ".js"));
}

/** The folders of `tests/` that hold such tests. */
export function testFolders(root: string = packageRoot): string[] {
  const entries = readdirSync(join(root, "tests"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return folders.filter((folder) => testFiles(folder, root).length > 0).sort();
}

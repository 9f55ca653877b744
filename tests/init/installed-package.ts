/** The package as npm would publish it: what is in it, and a folder in which it is installed. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedDependencies } from "../../tools/init/own-specifier.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";

/** Without scripts: the lane runs from the `dist/` that npm's `prepack` would make anew. */
async function npmPack(...args: string[]): Promise<{ filename: string; files: { path: string }[] }> {
  const { code, output } = await run("npm", ["pack", "--ignore-scripts", "--silent", "--json", ...args], {
    cwd: packageRoot,
  });
  assert.equal(code, 0, output);
  return (JSON.parse(output) as { filename: string; files: { path: string }[] }[])[0]!;
}

/** The paths of all files that are published, with `/`. */
export async function publishedFiles(): Promise<string[]> {
  const { files } = await npmPack("--dry-run");
  return files.map(({ path }) => path);
}

/**
 * Installs in `folder` what the project of a template depends on: as-rill as a tarball, asc and TypeScript.
 * @returns what npm says
 */
export async function installPublished(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { filename } = await npmPack("--pack-destination", folder);
  const devDependencies = { "as-rill": `file:${filename}`, ...pinnedDependencies() };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, devDependencies }));
  // npm has most of it: the repository's own packages are the same.
  const { code, output } = await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], {
    cwd: folder,
  });
  assert.equal(code, 0, output);
  return output;
}

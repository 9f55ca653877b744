/** The package as npm would publish it: what is in it, and a folder in which it is installed. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
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
 * Does in `project` what `npm install` does with the published package: no file and
 * no dependency of development is there.
 */
export async function installPublished(project: string): Promise<void> {
  const modules = join(project, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  const { filename } = await npmPack("--pack-destination", modules);
  const { code, output } = await run("tar", ["-xzf", filename], { cwd: modules });
  assert.equal(code, 0, output);
  rmSync(join(modules, filename));
  symlinkSync("package", join(modules, "as-rill"));
  const commands = {
    rill: "as-rill/bin/rill.js",
    asc: "assemblyscript/bin/asc.js",
    tsc: "typescript/bin/tsc",
  };
  for (const [command, file] of Object.entries(commands))
    symlinkSync(join("..", file), join(modules, ".bin", command));
  const { dependencies } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  // A project that `rill init` made asks for TypeScript too, and for asc by itself.
  for (const name of [...Object.keys(dependencies), "typescript"]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(packageRoot, "node_modules", name), join(modules, name));
  }
}

/** A page of the docs, followed word for word in a new folder. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { run } from "../../tools/setup/run.js";

/** What a page needs. */
export interface Following {
  /** Folders with its programs, before those of PATH. */
  readonly path: readonly string[];
  /** Does what `npm install` of other packages than as-rill does. @param modules the folder for them */
  readonly install?: (modules: string) => void;
  /** What is to be seen after its last line. @param folder where it was followed */
  readonly then?: (folder: string) => Promise<void>;
}

/**
 * Writes each file that `docs/NAME.md` shows, runs each command, and compares what it prints with the page.
 * @returns how often the page shows what is printed
 */
export async function followPage(name: string, { path, install, then }: Following): Promise<number> {
  const page = readFileSync(join(packageRoot, "docs", `${name}.md`), "utf8");
  let shown = 0;
  await inTemporaryFolder("rill-page-", async (cwd) => {
    const env = { PATH: [...path, process.env.PATH].join(delimiter) };
    let printed = "";
    for (const [, kind, file, text] of page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)) {
      if (file !== undefined) writeFileSync(join(cwd, file), text!);
      if (kind === "text") {
        assert.equal(printed, text);
        shown++;
      }
      if (kind !== "sh") continue;
      for (const line of text!.trim().split("\n")) {
        if (line.startsWith("npm install as-rill")) {
          const modules = installOurs(cwd);
          install?.(modules);
          continue;
        }
        const { code, output } = await run("sh", ["-c", line], { cwd, env });
        assert.equal(code, 0, `${line}\n${output}`);
        printed = output;
      }
    }
    await then?.(cwd);
  });
  return shown;
}

/**
 * What `npm install as-rill` does; this package stands for the published one.
 * @returns the folder of packages
 */
function installOurs(folder: string): string {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  symlinkSync(packageRoot, join(modules, "as-rill"));
  symlinkSync(join(packageRoot, "bin", "rill.js"), join(modules, ".bin", "rill"));
  return modules;
}

/** The library's unit specs on a changed library, in a folder of their own. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import type { Mutant } from "./mutants.js";

/** Seconds after which specs that have not ended count as failed: a loop without an end. They take three. */
const LIMIT_SECONDS = 60;

/** A folder with the library and its specs. */
export interface SpecFolder {
  readonly path: string;
}

/** Makes one. Call `removeSpecFolder` when it is used no more. */
export function makeSpecFolder(): SpecFolder {
  const path = mkdtempSync(join(tmpdir(), "rill-mutant-"));
  for (const name of ["assembly", "tests/unit"])
    cpSync(join(packageRoot, name), join(path, name), { recursive: true });
  for (const name of ["as-pect.config.js", "as-pect.asconfig.json", "package.json"])
    cpSync(join(packageRoot, name), join(path, name));
  for (const name of ["dist", "node_modules"]) symlinkSync(join(packageRoot, name), join(path, name));
  writeFileSync(
    join(path, "run.mjs"),
    `import { asp } from "@as-pect/cli";
await asp([process.argv[0], process.argv[1], "--summary", "--as-config", ${JSON.stringify(join(path, "as-pect.asconfig.json"))}]);
`,
  );
  return { path };
}

/** Removes the folder. */
export function removeSpecFolder({ path }: SpecFolder): void {
  rmSync(path, { recursive: true, force: true });
}

/** Whether some spec fails, or does not end, with `mutant` in the library; without one, with the library as it is. */
export function specsFail({ path }: SpecFolder, mutant: Mutant | null): boolean {
  if (mutant) writeFileSync(join(path, "assembly", mutant.file), mutant.text);
  const { status } = spawnSync(process.execPath, ["run.mjs"], {
    cwd: path,
    stdio: "ignore",
    timeout: LIMIT_SECONDS * 1000,
  });
  if (mutant) cpSync(join(packageRoot, "assembly", mutant.file), join(path, "assembly", mutant.file));
  return status !== 0;
}

/**
 * Modules of other compilers as npm has them: Emscripten, Rust, Go, AssemblyScript,
 * stripped or not; fetched into the cache.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import type { Allocation } from "../../tools/report/model.js";
import { cached } from "../../tools/setup/cache.js";
import { isLong } from "../tier.js";

/** A module, pinned. */
export interface NpmModule {
  readonly package: string;
  readonly version: string;
  readonly path: string;
  readonly sha256: string;
  /** What the report has to say of it. */
  readonly verdict: Allocation["verdict"];
  /** Whether it is judged with every change, not only at night. */
  readonly every_change?: true;
}

/** Every module of the corpus. */
export const npmModules = JSON.parse(
  readFileSync(join(packageRoot, "tests/report/npm-corpus.json"), "utf8"),
) as readonly NpmModule[];

/** Those of this run. */
export const npmModulesOfToday: readonly NpmModule[] = npmModules.filter(
  ({ every_change: always }) => isLong || always,
);

/** Fetches what this run needs; gives the folder of each package by `NAME@VERSION`. */
export async function fetchPackages(): Promise<ReadonlyMap<string, string>> {
  const specs = [...new Set(npmModulesOfToday.map(specOf))];
  const key = createHash("sha256").update(specs.join(" ")).digest("hex").slice(0, 12);
  const folder = await cached(`npm-corpus-${key}`, (fresh) => fetchInto(fresh, specs));
  return new Map(specs.map((spec) => [spec, join(folder, folderName(spec), "package")]));
}

/** `NAME@VERSION`. */
export function specOf({ package: name, version }: NpmModule): string {
  return `${name}@${version}`;
}

function folderName(spec: string): string {
  return spec
    .replace(/^@/, "")
    .replace("/", "-")
    .replace(/@([^@]*)$/, "-$1");
}

/** Packs and unpacks; nothing of a package runs. */
function fetchInto(folder: string, specs: readonly string[]): Promise<void> {
  start("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder, ...specs]);
  for (const spec of specs) {
    const own = join(folder, folderName(spec));
    mkdirSync(own);
    start("tar", ["-xzf", `${own}.tgz`, "-C", own]);
  }
  return Promise.resolve();
}

function start(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", cwd: packageRoot });
  if (status !== 0) throw new Error(`${program} ${args[0]!}: ${error?.message ?? stderr}`);
}

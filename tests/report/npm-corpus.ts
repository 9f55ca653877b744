/**
 * Modules of other compilers as npm has them: Emscripten, Rust, Go, AssemblyScript,
 * stripped or not; fetched into the cache.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import type { Allocation } from "../../tools/report/model.js";
import { cached } from "../../tools/setup/cache.js";
import { run } from "../../tools/setup/run.js";
import { isLong } from "../tier.js";

/** A package of which some modules are judged. */
interface NpmPackage {
  readonly package: string;
  readonly version: string;
  /** As npm's lock files have it, of the whole archive: nothing else is unpacked. */
  readonly integrity: string;
  /** A large download, or what takes seconds, which is not for every change. */
  readonly night?: true;
  readonly modules: readonly Pick<NpmModule, "path" | "verdict">[];
}

/** A module of such a package. */
export interface NpmModule {
  /** `NAME@VERSION` of its package. */
  readonly spec: string;
  readonly path: string;
  /** What the report has to say of it. */
  readonly verdict: Allocation["verdict"];
}

const packages = (
  JSON.parse(readFileSync(join(packageRoot, "tests/report/npm-corpus.json"), "utf8")) as readonly NpmPackage[]
).filter(({ night }) => isLong || night !== true);

/** The modules of this run. */
export const npmModules: readonly NpmModule[] = packages.flatMap((from) =>
  from.modules.map((module) => ({ ...module, spec: specOf(from) })),
);

/** Fetches what this run needs; gives the folder of each package by `NAME@VERSION`. */
export async function fetchPackages(): Promise<ReadonlyMap<string, string>> {
  const pins = packages.map(({ integrity }) => integrity).join(" ");
  const key = createHash("sha256").update(pins).digest("hex").slice(0, 12);
  const folder = await cached(`npm-corpus-${key}`, fetchInto);
  return new Map(packages.map((from) => [specOf(from), join(folder, folderName(from), "package")]));
}

function specOf({ package: name, version }: NpmPackage): string {
  return `${name}@${version}`;
}

/** As npm names a package's archive. */
function folderName({ package: name, version }: NpmPackage): string {
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}`;
}

/** Downloads all with one npm, looks at the hashes, unpacks; nothing of a package runs. */
async function fetchInto(folder: string): Promise<void> {
  const flags = ["--silent", "--ignore-scripts", "--pack-destination", folder];
  await must("npm", ["pack", ...flags, ...packages.map(specOf)]);
  for (const from of packages) {
    const own = join(folder, folderName(from));
    const archive = `${own}.tgz`;
    const hash = createHash("sha512").update(readFileSync(archive)).digest("base64");
    if (`sha512-${hash}` !== from.integrity) throw new Error(`${specOf(from)} is not the one that is pinned`);
    mkdirSync(own);
    await must("tar", ["-xzf", archive, "-C", own]);
    rmSync(archive);
  }
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(program, args, { cwd: packageRoot });
  if (code !== 0) throw new Error(`${program} ${args[0]!}: ${output}`);
}

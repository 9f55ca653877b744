/** Where a guest's sources lie, and which packages are around them and among them. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { packageRoot } from "../package-root.js";
import type { LockFile, Package } from "./build-record.js";

/** The innermost folder that holds the entry and the WIT: what paths are relative to. */
export function sourceFolder(entry: string, wit: string): string {
  const witFolder = statSync(wit).isDirectory() ? resolve(wit) : dirname(resolve(wit));
  let folder = dirname(resolve(entry));
  while (!isInside(witFolder, folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** `path`, relative to `folder`, with `/` on every system; `.` for the folder itself. */
export function pathIn(folder: string, path: string): string {
  return relative(folder, resolve(path)).split(sep).join("/") || ".";
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/** The project that `folder` belongs to, by the nearest package.json, and the lock file beside that. */
export function projectOf(folder: string): {
  readonly project: Package | null;
  readonly lock: LockFile | null;
} {
  if (existsSync(join(folder, "package.json"))) {
    const file = LOCK_FILES.find((name) => existsSync(join(folder, name)));
    return { project: readPackage(folder), lock: file === undefined ? null : lockFile(folder, file) };
  }
  const parent = dirname(folder);
  return parent === folder ? { project: null, lock: null } : projectOf(parent);
}

function lockFile(folder: string, file: string): LockFile {
  const sha256 = createHash("sha256")
    .update(readFileSync(join(folder, file)))
    .digest("hex");
  return { file, sha256 };
}

const PACKAGE_FOLDER = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/**
 * The packages whose sources are in a guest: the guest library's and the standard library's, then, by name,
 * those that files at `paths` come from.
 */
export function packagesOf(paths: Iterable<string>): Package[] {
  const standard = createRequire(import.meta.url).resolve("assemblyscript/package.json");
  const own = [packageRoot, dirname(standard)].flatMap((folder) => readPackage(folder) ?? []);
  const folders = new Set<string>();
  for (const path of paths) {
    const folder = PACKAGE_FOLDER.exec(path)?.[1];
    if (folder !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile()) folders.add(folder);
  }
  const others = [...folders]
    .flatMap((folder) => readPackage(folder) ?? [])
    .filter(({ name }) => !own.some((known) => known.name === name))
    .sort((x, y) => (x.name < y.name ? -1 : 1));
  return [...own, ...others];
}

/** @returns null for a package.json that names no package: a private project's may do without */
function readPackage(folder: string): Package | null {
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  try {
    const fields = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    const name = text(fields.name);
    if (name === null) return null;
    return { name, version: text(fields.version) ?? "0.0.0", license: text(fields.license) };
  } catch {
    return null;
  }
}

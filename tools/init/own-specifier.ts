/**
 * What a new project's package.json says of as-rill, so that `npm install` finds
 * the one that made the project.
 */
import { readFileSync, existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { packageRoot } from "../package-root.js";
import { ownPackage, version } from "../version.js";

/**
 * A range of versions where as-rill came from a registry; else the tarball or the folder that it came from.
 * @param folder the project's
 * @param root where as-rill is
 */
export function ownSpecifier(folder: string, root: string = packageRoot): string {
  const modules = dirname(root);
  if (basename(modules) !== "node_modules") return fileSpecifier(root, folder);
  const tarball = tarballOf(root, modules);
  return tarball !== null && existsSync(tarball) ? fileSpecifier(tarball, folder) : `^${version}`;
}

/** asc and TypeScript, for editors, as as-rill has them: then npm installs one asc. */
export function pinnedDependencies(): Record<string, string> {
  const { dependencies, devDependencies } = ownPackage;
  return { assemblyscript: dependencies.assemblyscript, typescript: `^${devDependencies.typescript}` };
}

/**
 * The tarball that npm installed as-rill from, by the list that it keeps in `node_modules`.
 * @returns null when it was not one
 */
function tarballOf(root: string, modules: string): string | null {
  const list = join(modules, ".package-lock.json");
  if (!existsSync(list)) return null;
  const { packages } = JSON.parse(readFileSync(list, "utf8")) as {
    packages?: Record<string, { resolved?: string }>;
  };
  const from = packages?.[`node_modules/${basename(root)}`]?.resolved;
  return from?.startsWith("file:") ? resolve(dirname(modules), from.slice("file:".length)) : null;
}

function fileSpecifier(path: string, folder: string): string {
  const from = relative(resolve(folder), path);
  return `file:${(isAbsolute(from) ? path : from).replaceAll("\\", "/")}`;
}

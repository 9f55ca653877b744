/** Where a guest has its bindings: in `bindings` beside it, or in the folder that it imports them from. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { WRITTEN_BY } from "../bindgen/generate.js";
import type { GuestImport } from "../source/user-functions.js";

/** The folder beside the guest's file that holds its bindings unless it imports them from another. */
export const BINDINGS_FOLDER = "bindings";

/**
 * The folder of a guest's bindings, relative to the guest's own: what `rill bindgen -o` named.
 * A file of the guest's own that is called like one of bindings makes its folder none of bindings.
 * @param files   names of the bindings' files
 * @param baseDir the guest's folder
 */
export function bindingsFolder(
  imports: readonly GuestImport[],
  files: readonly string[],
  baseDir: string,
): string {
  const isBindings = (path: string): boolean =>
    /^\.\.?\//.test(path) &&
    files.includes(`${basename(path)}.ts`) &&
    isGenerated(join(baseDir, `${path}.ts`));
  const folders = imports.map(({ path }) => path).filter(isBindings);
  const found = folders.map((path) => posix.normalize(dirname(path)));
  return found.includes(BINDINGS_FOLDER) ? BINDINGS_FOLDER : (found[0] ?? BINDINGS_FOLDER);
}

/**
 * Gives bindings of another folder the names that those in `bindings` have, so that whoever reads a module
 * knows them from the guest's own sources.
 * @param files texts by path; those that `rill bindgen` has not written keep their names
 * @returns what does so with a path, or with a text that holds such paths
 */
export function asInBindings(files: ReadonlyMap<string, string>): (text: string) => string {
  const paths = [...files].flatMap(([path, text]) =>
    posix.dirname(path) !== BINDINGS_FOLDER && text.includes(WRITTEN_BY) ? [path] : [],
  );
  if (paths.length === 0) return (text) => text;
  const stems = paths.map((path) => escaped(path.replace(/\.ts$/, "")));
  const found = new RegExp(`(?<![\\w./-])(${stems.join("|")})(?=/|\\.ts\\b)`, "g");
  return (text) => text.replaceAll(found, (path) => `${BINDINGS_FOLDER}/${basename(path)}`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The folder as a source in the guest's own imports from it. */
export function importPath(folder: string): string {
  return /^\.\.?(\/|$)/.test(folder) ? folder : `./${folder}`;
}

function isGenerated(path: string): boolean {
  return existsSync(path) && readFileSync(path, "utf8").includes(WRITTEN_BY);
}

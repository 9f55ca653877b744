/** `rill init`: a folder with a guest that builds, runs and tests at once. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { systemReason } from "../errors/system-error.js";
import { UserError } from "../errors/user-error.js";
import { makeFolder } from "../files/write-whole.js";
import { projectFiles, templateNames } from "./template.js";

const identifier = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;

/**
 * Makes the project. The folder appears whole or not at all.
 * @returns the files that were written
 * @throws UserError for an unknown template, when the folder holds something
 * already, or its name cannot name a WIT package
 */
export function initProject(folder: string, template = "filter"): string[] {
  const known = templateNames();
  if (!known.includes(template))
    throw new UserError(`--template ${template}: unknown template (${known.join(", ")})`);
  const name = basename(resolve(folder));
  if (!identifier.test(name)) {
    throw new UserError(
      `${folder}: "${name}" cannot name a WIT package; take words of a-z and 0-9 with hyphens between them, like my-filter`,
    );
  }
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)) {
    throw new UserError(`${folder}: there is something already; take a new folder`);
  }
  const half = join(dirname(resolve(folder)), `.${process.pid}.half`);
  const files = projectFiles(template, name, folder);
  makeFolder(dirname(half));
  try {
    mkdirSync(half);
    for (const [file, text] of files) {
      mkdirSync(dirname(join(half, file)), { recursive: true });
      writeFileSync(join(half, file), text);
    }
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    renameSync(half, resolve(folder));
  } catch (error) {
    throw new UserError(`${folder}: the project cannot be made: ${systemReason(error)}`);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return [...files.keys()].map((file) => join(folder, file));
}

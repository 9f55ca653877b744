/** The templates of `rill init`: folders of files in which `my-guest` stands for the project's name. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { ownSpecifier, pinnedDependencies } from "./own-specifier.js";

const templates = join(packageRoot, "templates");
/** Files that every project has, unless its template has its own. */
const SHARED = "shared";
/** npm publishes no file of that name. */
const GITIGNORE = "_gitignore";
const PLACEHOLDER = /my-guest/g;

/** The names that `--template` takes. */
export function templateNames(): string[] {
  return readdirSync(templates).filter((name) => name !== SHARED);
}

/** File path to text. `name` is a WIT identifier: kebab-case. `folder` is where the project will be. */
export function projectFiles(template: string, name: string, folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const from of [SHARED, template])
    for (const path of filesIn(join(templates, from))) {
      const text = readFileSync(join(templates, from, path), "utf8").replace(PLACEHOLDER, name);
      files.set(path.replace(PLACEHOLDER, name).replace(GITIGNORE, ".gitignore"), text);
    }
  files.set("package.json", withDependencies(files.get("package.json")!, folder));
  return files;
}

/** Paths of all files in a folder and in the folders in it, relative to it. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function withDependencies(text: string, folder: string): string {
  const project = JSON.parse(text) as { devDependencies?: Record<string, string> };
  const { devDependencies } = project;
  const own = { "as-rill": ownSpecifier(folder), ...pinnedDependencies() };
  return `${JSON.stringify({ ...project, devDependencies: { ...devDependencies, ...own } }, null, 2)}\n`;
}

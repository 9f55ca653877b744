/** Which guest and which specs `rill test` is about, when nobody says it. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../errors/user-error.js";

const SPEC = ".spec.ts";
/** Folders in which nobody keeps specs of his own. */
const PASSED_OVER = new Set(["node_modules", "build", "bindings", "dist"]);

/** A guest's two files, by path. */
export interface GuestFilesFound {
  readonly entry: string;
  readonly wit: string;
}

/**
 * The specs at `path`: the file itself, or all `*.spec.ts` in the folder and in those in it.
 * @param onRead told of each folder that is looked into
 * @throws UserError when there is none
 */
export function findSpecs(path: string, onRead: (path: string) => void): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new UserError(`${path}: no such file or folder; name a guest's folder or a file of specs`);
  if (stat.isFile()) {
    if (path.endsWith(SPEC)) return [path];
    throw new UserError(`${path}: this is no file of specs; their names end in ${SPEC}`);
  }
  const found = specsIn(path, onRead);
  if (found.length > 0) return found;
  throw new UserError(
    `${path}: there is no spec (*${SPEC}); write one beside the guest, as docs/testing.md of as-rill shows`,
  );
}

function specsIn(folder: string, onRead: (path: string) => void): string[] {
  onRead(folder);
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((x, y) => (x.name < y.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith(".") && !PASSED_OVER.has(entry.name))
        return specsIn(path, onRead);
      return entry.isFile() && entry.name.endsWith(SPEC) ? [path] : [];
    });
}

/**
 * The guest of the folder at `path`, or of the folder of the file there: its WIT is the only `.wit` file or
 * the folder `wit`, its entry has the WIT's name, or is the one that asconfig.json names, or the only source.
 * @returns null when there is no WIT
 * @throws UserError when there are several to choose from
 */
export function findGuest(path: string): GuestFilesFound | null {
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  const names = readdirSync(folder);
  const wits = witFiles(names);
  if (wits.length === 0 && names.includes("wit") && witFiles(readdirSync(join(folder, "wit"))).length > 0)
    wits.push("wit");
  const [wit] = wits;
  if (wit === undefined) return null;
  if (wits.length > 1)
    throw new UserError(`${folder}: there are several WIT files (${wits.join(", ")}); name one with --wit`);
  return { wit: join(folder, wit), entry: join(folder, entryOf(folder, names, basename(wit, ".wit"))) };
}

function witFiles(names: readonly string[]): string[] {
  return names.filter((name) => name.endsWith(".wit"));
}

function entryOf(folder: string, names: readonly string[], stem: string): string {
  const sources = names.filter((name) => /(?<!\.spec|\.d)\.ts$/.test(name));
  if (sources.includes(`${stem}.ts`)) return `${stem}.ts`;
  const configured = configuredEntry(join(folder, "asconfig.json"));
  if (configured !== null) return configured;
  if (sources.length === 1) return sources[0]!;
  throw new UserError(`${folder}: which file is the guest? ${stem}.ts is not there; name it with --entry`);
}

function configuredEntry(path: string): string | null {
  if (!existsSync(path)) return null;
  try {
    const { entries } = JSON.parse(readFileSync(path, "utf8")) as { readonly entries?: readonly unknown[] };
    const [entry] = entries ?? [];
    return entries?.length === 1 && typeof entry === "string" && existsSync(join(dirname(path), entry))
      ? entry
      : null;
  } catch {
    return null; // asc says what is wrong with it
  }
}

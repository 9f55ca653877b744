import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/** One text file under version control. */
export interface TrackedFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * The tracked files whose path matches `pattern`, as they are in the work tree; there has to
 * be one, or a rule would hold of nothing.
 */
export function trackedFiles(pattern: RegExp): TrackedFile[] {
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: packageRoot, encoding: "utf8" });
  const found = listed
    .split("\0")
    .filter((path) => pattern.test(path) && existsSync(join(packageRoot, path)));
  if (found.length === 0) throw new Error(`no tracked file matches ${pattern}`);
  return found.map((path) => ({ path, text: readFileSync(join(packageRoot, path), "utf8") }));
}

/** Where a program is, without running it. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The absolute path of the first `program` on PATH that may be run, or null. */
export function onPath(program: string): string | null {
  const names = process.platform === "win32" ? [`${program}.exe`, `${program}.cmd`] : [program];
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter((entry) => entry !== "")) {
    const found = names.map((name) => join(folder, name)).find(mayRun);
    if (found !== undefined) return found;
  }
  return null;
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

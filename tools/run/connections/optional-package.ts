/** Packages that are not installed with as-rill: who needs one installs it. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../../errors/user-error.js";
import { ownPackage } from "../../version.js";

/** The packages, by what they serve. */
export type OptionalPackage = "mqtt" | "serialport";

/**
 * Imports a package.
 * @param what what it is needed for
 * @param places files that look for it: as-rill's own, and one of the project that it is called in
 * @throws UserError with the command that installs it
 */
export async function optionalPackage<M>(
  name: OptionalPackage,
  what: string,
  places: readonly string[] = [import.meta.url, pathToFileURL(join(process.cwd(), "package.json")).href],
): Promise<M> {
  for (const from of places) {
    const path = resolved(name, from);
    if (path !== null) return (await import(pathToFileURL(path).href)) as M;
  }
  const wanted = `${name}@${ownPackage.peerDependencies[name]}`;
  throw new UserError(
    `${what}: the package ${name} is not installed, and as-rill does not bring it; install it: npm install "${wanted}"`,
  );
}

function resolved(name: string, from: string): string | null {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return null;
  }
}

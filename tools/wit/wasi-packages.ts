/** The packages of WASI 0.3.0 that as-rill brings: a WIT that uses one need not have it in its `deps`. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import type { Token } from "./wit-tokens.js";

const VERSION = "0.3.0";
const folder = join(packageRoot, "wit", `wasi-${VERSION}`);

/** What a message about a package that is not there adds: those that need no file. */
export const WASI_PACKAGES = `as-rill brings version ${VERSION} of ${readdirSync(folder)
  .filter((name) => name.endsWith(".wit"))
  .map((name) => `wasi:${name.slice(0, -4)}`)
  .sort()
  .join(", ")}; any other package goes into a deps folder beside the WIT`;

/** The files of those packages that `tokens` use and do not declare. */
export function missingWasiPackages(tokens: readonly Token[]): string[] {
  const used = new Set<string>();
  const declared = new Set<string>();
  tokens.forEach(({ text }, at) => {
    if (text !== "wasi" || tokens[at + 1]?.text !== ":") return;
    const name = tokens[at + 2]?.text ?? "";
    // `wasi:cli/run@0.3.0` uses a package, `package wasi:cli@0.3.0` is one.
    const isUse = tokens[at + 3]?.text === "/";
    if (tokens[at + (isUse ? 6 : 4)]?.text === VERSION) (isUse ? used : declared).add(name);
  });
  const missing = [...used].filter((name) => !declared.has(name)).sort();
  return missing.map((name) => join(folder, `${name}.wit`)).filter((path) => existsSync(path));
}

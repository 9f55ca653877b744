/**
 * Guests that many files of tests build, each in a process of its own: built once, and copied. A build takes
 * seconds of the processor, and the same sources give the same bytes.
 */
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildGuest } from "../tools/compile/build-guest.js";
import { packageRoot } from "../tools/package-root.js";
import { cached } from "../tools/setup/cache.js";

/** What to build: paths in the repository. */
export interface OnceOptions {
  readonly entry: string;
  readonly wit: string;
  readonly wait: "wait" | "callback";
}

/** All of the repository that a guest's bytes may come from, beside its own folder. */
const SOURCES = ["assembly", "dist/tools", "package-lock.json", "text", "wasi", "wit"];

/** Puts the guest, with its source map, into `outDir`; @returns the core module's path there */
export async function builtOnce(options: OnceOptions, outDir: string): Promise<string> {
  const { entry, wit, wait } = options;
  const key = createHash("sha256").update(JSON.stringify(options));
  for (const path of [...SOURCES, dirname(entry), wit]) hashAll(path, key);
  const name = basename(entry, ".ts");
  const folder = await cached(
    `${name}-${wait}-${key.digest("hex").slice(0, 12)}`,
    async (fresh) => {
      await buildGuest({ entry: join(packageRoot, entry), wit: join(packageRoot, wit), outDir: fresh, wait });
    },
    join(packageRoot, "build", "guests"),
  );
  cpSync(folder, outDir, { recursive: true });
  return join(outDir, `${name}.core.wasm`);
}

/** Adds the file at `path`, or all in the folder: names and bytes, without what builds write there. */
function hashAll(path: string, hash: ReturnType<typeof createHash>): void {
  const whole = join(packageRoot, path);
  if (basename(path) === "bindings" || basename(path) === "data") return;
  let names: string[];
  try {
    names = readdirSync(whole).sort();
  } catch {
    hash.update(`${path}\n`).update(readFileSync(whole));
    return;
  }
  for (const name of names) hashAll(`${path}/${name}`, hash);
}

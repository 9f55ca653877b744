/**
 * jco, which makes JavaScript of components, its host of WASI 0.3, and a Node that has what they need: from
 * npm, as `jco/package-lock.json` pins them.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import { cached } from "../../tools/setup/cache.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";

/** The folder `node_modules` that jco is in, once there is a Node to run it (`nodeOf`). */
export async function jco(): Promise<Tool> {
  const modules = await installed();
  if (isMissing(modules) || (await waitsForPromises(nodeOf(modules.path)))) return modules;
  return { missing: "Node 24 or later, for jco", how: "install it from https://nodejs.org" };
}

/** The Node to run jco with: npm's, where npm has one for this machine, else the one that runs this. */
export function nodeOf(modules: string): string {
  const node = join(modules, ".bin", "node");
  return existsSync(node) ? node : process.execPath;
}

async function installed(): Promise<Tool> {
  const pins = join(packageRoot, "dev", "setup", "jco");
  const lock = await readFile(join(pins, "package-lock.json"));
  const key = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  let reason = "";
  try {
    const folder = await cached(`jco-${key}`, async (fresh) => {
      await cp(pins, fresh, { recursive: true });
      const done = await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: fresh });
      reason = done.output.trim();
      if (done.code !== 0) throw new Error(reason);
    });
    return { path: join(folder, "node_modules") };
  } catch (error) {
    if (reason === "") throw error;
    return { missing: `jco: ${reason.split("\n")[0]!}`, how: `npm ci, in ${pins}, to see why` };
  }
}

/** Whether WebAssembly can wait for a promise on `node`. */
async function waitsForPromises(node: string): Promise<boolean> {
  return (await run(node, ["-p", "'Suspending' in WebAssembly"])).output.trim() === "true";
}

/** Components on jco. */
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { jco, nodeOf } from "../../dev/setup/jco.js";
import { packageRoot } from "../../tools/package-root.js";
import { startProcess } from "../../tools/processes/start-process.js";
import { pathOf } from "../wasmtime/components.js";

/** How a component is started. */
export interface Options {
  readonly args?: readonly string[];
  /** The whole environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A module that is loaded first. */
  readonly jcoImport?: string;
}

/** Starts `jco VERB` on a component. */
export async function onJco(verb: "run" | "serve", path: string, options: Options): Promise<ChildProcess> {
  const { args = [], env = {}, cwd, jcoImport } = options;
  const modules = pathOf(await jco());
  const flags = ["--jco-dir", join(folderWith(modules), basename(path))];
  if (jcoImport !== undefined) flags.push("--jco-import", jcoImport);
  const program = join(modules, ".bin", "jco");
  return startProcess(nodeOf(modules), [program, verb, ...flags, path, ...args], { cwd, env });
}

/** Where JavaScript finds jco's packages. */
export function folderWith(modules: string): string {
  const folder = join(packageRoot, "build", "jco");
  const link = join(folder, "node_modules");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(link)) symlinkSync(modules, link);
  return folder;
}

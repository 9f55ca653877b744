/** The command line as a process of its own, and a guest to give it. */
import { spawnSync } from "node:child_process";
import { closeSync, cpSync, openSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

const guests = join(packageRoot, "tests", "guests");

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `rill` with `args` in `cwd`. */
export function rill(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ended {
  const command = [join(packageRoot, "bin", "rill.js"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: 120_000,
  });
  return { code: status, stdout, stderr };
}

/** The same with the file `target` as standard output. */
export function rillTo(target: string, cwd: string, args: readonly string[]): Ended {
  const file = openSync(target, "w");
  const command = [join(packageRoot, "bin", "rill.js"), ...args];
  const { status, stderr } = spawnSync(process.execPath, command, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", file, "pipe"],
  });
  closeSync(file);
  return { code: status, stdout: "", stderr };
}

/** Copies the guest NAME, with its WIT, to `folder`. */
export function copyGuest(name: string, folder: string): void {
  cpSync(join(guests, name), folder, {
    recursive: true,
    filter: (path) => !path.endsWith("bindings"),
  });
}

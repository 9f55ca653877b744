/** Runs the command line as a user does. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../tools/package-root.js";

/** How it ended, and what it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `rill` with `args`. */
export function rill(...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(packageRoot, "bin", "rill.js"), ...args],
    {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: { ...process.env, NO_COLOR: "1" },
    },
  );
  return { code: status, stdout, stderr };
}

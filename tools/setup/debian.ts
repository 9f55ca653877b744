/** Debian packages: installed when this process may, otherwise named in one line to type. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "./cache.js";
import { onPath } from "./on-path.js";
import { run, type Finished } from "./run.js";
import type { Tool } from "./tool.js";

/**
 * Makes sure that Debian `packages` are installed. Root on a Debian system installs what is not there;
 * anybody else gets the line to type. `path` is the prefix they are installed under.
 */
export async function debian(packages: readonly string[]): Promise<Tool> {
  const absent = await notInstalled(packages);
  if (absent.length === 0) return { path: "/usr" };
  const how = `sudo apt-get install -y --no-install-recommends ${absent.join(" ")}`;
  const missing = `Debian package${absent.length > 1 ? "s" : ""} ${absent.join(", ")}`;
  if (process.getuid?.() !== 0 || !onPath("apt-get")) return { missing, how };
  const installed = await aptInstall(absent);
  if (installed.code === 0) return { path: "/usr" };
  return { missing: `${missing} (apt-get: ${lastLine(installed.output)})`, how: how.replace("sudo ", "") };
}

async function notInstalled(packages: readonly string[]): Promise<string[]> {
  const status = await run("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Status}\n", ...packages]);
  const lines = new Set(status.output.split("\n"));
  return packages.filter((name) => !lines.has(`${name} installed`));
}

/** One apt-get at a time: `flock` queues the lanes of a test run that all find something missing. */
async function aptInstall(packages: readonly string[]): Promise<Finished> {
  await mkdir(cacheRoot(), { recursive: true });
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const apt = (args: string[]) =>
    run("flock", [join(cacheRoot(), "apt.lock"), "apt-get", "-q", ...args], { env });
  const install = ["install", "-y", "--no-install-recommends", ...packages];
  const first = await apt(install);
  if (first.code === 0) return first;
  await apt(["update"]);
  return apt(install);
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}

// Runs one compiled program of this repository from a clean checkout: installs the npm packages
// when they are missing or older than the lock file, compiles the TypeScript, then starts the program.
// Plain JavaScript and no dependency: nothing is installed yet when it runs.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [program, ...args] = process.argv.slice(2);

/** Runs a command in the repository's root; its output goes to stderr, so that a program's stdout stays clean. */
function run(command, commandArgs, label) {
  const done = spawnSync(command, commandArgs, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (done.status !== 0) {
    console.error(`as-rill: ${label} failed (${command} ${commandArgs.join(" ")}); see the lines above`);
    process.exit(2);
  }
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`as-rill: Node ${process.versions.node} is too old; install Node 20.19 or later`);
  process.exit(2);
}
const installed = join(root, "node_modules", ".package-lock.json");
const lock = join(root, "package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error("as-rill: installing npm packages (first run only)");
  run(
    "npm",
    ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    "installing npm packages",
  );
}
run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"], "compiling the tools");
const done = spawnSync(process.execPath, [join(root, program), ...args], { cwd: root, stdio: "inherit" });
process.exit(done.status ?? 1);

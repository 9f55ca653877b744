// Runs one compiled program of this repository from a clean checkout: installs the npm packages
// when they are missing or older than the lock file, compiles the TypeScript, then starts the program.
// Plain JavaScript and no dependency: nothing is installed yet when it runs.
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [program, ...args] = process.argv.slice(2);

/**
 * Runs a command in the repository's root to its end. A signal that comes to us
 * goes to it; when one ended it, it ends us.
 */
function runHere(command, commandArgs, options) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArgs, { cwd: root, ...options });
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const pass = (signal) => child.kill(signal);
    const settle = (code, signal) => {
      for (const name of signals) process.off(name, pass);
      if (signal !== null) process.kill(process.pid, signal);
      resolve(code ?? 1);
    };
    for (const name of signals) process.on(name, pass);
    child.on("error", () => settle(1, null));
    child.on("close", settle);
  });
}

/** Sets something up; its output goes to stderr, so that a program's stdout stays clean. */
async function setUp(command, commandArgs, label) {
  const code = await runHere(command, commandArgs, {
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (code !== 0) {
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
  await setUp(
    "npm",
    ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    "installing npm packages",
  );
}
await setUp(process.execPath, [join(root, "scripts", "vendor.mjs")], "writing vendor/");
await setUp(
  process.execPath,
  [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"],
  "compiling the tools",
);
process.exitCode = await runHere(process.execPath, [join(root, program), ...args], { stdio: "inherit" });

/** Whoever starts a process ends it, and takes its folders along, whichever way it goes. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { descendants, isRunning } from "./descendants.js";

const folder = mkdtempSync(join(tmpdir(), "rill-leaving-"));
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const limit = { timeout: 60_000, skip: process.platform === "win32" };
/** A program that would run for ever, in a shell that would, too. */
const forEver = `"${process.execPath}" -e "for (;;) {}" & wait`;

/** The address of a compiled module; one that is not there fails at once. */
function compiled(path: string): string {
  const file = join(packageRoot, "dist", path);
  assert.ok(existsSync(file), file);
  return JSON.stringify(pathToFileURL(file).href);
}

/** A program with a folder and a child with children, which says when it has both, and then does `then`. */
function owner(then: string): ChildProcess {
  const code = `
    import { startProcess } from ${compiled("tools/processes/start-process.js")};
    import { temporaryFolder } from ${compiled("tools/processes/temporary-folder.js")};
    const { path } = temporaryFolder("rill-owned-", ${JSON.stringify(folder)});
    startProcess("sh", ["-c", ${JSON.stringify(forEver)}]);
    setTimeout(() => { console.log(path); ${then} }, 300);`;
  return node("--input-type=module", "-e", code);
}

/** Node with `args`; a test that fails leaves none behind, for this file would wait for it. */
function node(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

function said(child: ChildProcess): Promise<string> {
  return new Promise((resolve) =>
    child.stdout!.once("data", (text: Buffer) => {
      resolve(text.toString().trim());
    }),
  );
}

function exited(child: ChildProcess): Promise<[number | null, string | null]> {
  return new Promise((resolve) =>
    child.once("exit", (code, signal) => {
      resolve([code, signal]);
    }),
  );
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(
    `${signal}: children and their children end, folders go, and the signal is what it died of`,
    limit,
    async () => {
      const child = owner("");
      const path = await said(child);
      const started = descendants(child.pid!);
      assert.ok(existsSync(path));
      assert.ok(process.platform !== "linux" || started.length >= 2, String(started.length));
      child.kill(signal);
      assert.deepEqual(await exited(child), [null, signal]);
      assert.equal(existsSync(path), false);
      await until(() => started.every((pid) => !isRunning(pid)));
    },
  );
}

for (const [what, then, code] of [
  ["process.exit", "process.exit(3)", 3],
  ["an error that nobody caught", "process.stderr.write = () => true; throw new Error()", 1],
] as const) {
  test(`${what} does the same`, limit, async () => {
    const child = owner(then);
    const ending = exited(child);
    const path = await said(child);
    assert.deepEqual(await ending, [code, null]);
    assert.equal(existsSync(path), false);
  });
}

test("with nothing left to do, a signal ends even what computes without a pause", limit, async () => {
  const code = `
    import { startProcess } from ${compiled("tools/processes/start-process.js")};
    import { temporaryFolder } from ${compiled("tools/processes/temporary-folder.js")};
    temporaryFolder("rill-owned-", ${JSON.stringify(folder)}).remove();
    startProcess(process.execPath, ["-e", ""]).on("close", () => { console.log("now"); setTimeout(() => { for (;;) {} }, 50); });`;
  const child = node("--input-type=module", "-e", code);
  await said(child);
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.kill("SIGTERM");
  assert.deepEqual(await exited(child), [null, "SIGTERM"]);
});

/** A checkout that is installed and compiled, whose program is given. */
function checkout(program: string): string {
  const root = mkdtempSync(join(folder, "checkout-"));
  mkdirSync(join(root, "scripts"));
  cpSync(join(packageRoot, "scripts", "bootstrap.mjs"), join(root, "scripts", "bootstrap.mjs"));
  writeFileSync(join(root, "scripts", "vendor.mjs"), "");
  symlinkSync(join(packageRoot, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "package-lock.json"), "{}");
  utimesSync(join(root, "package-lock.json"), new Date(0), new Date(0));
  writeFileSync(join(root, "nothing.d.ts"), "");
  writeFileSync(
    join(root, "tsconfig.json"),
    '{"files": ["nothing.d.ts"], "compilerOptions": {"types": [], "lib": ["es5"]}}',
  );
  writeFileSync(join(root, "program.mjs"), program);
  return root;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(`npm's scripts pass ${signal} on to what they have started`, limit, async () => {
    const root = checkout('console.log("here"); setInterval(() => {}, 1000);');
    const child = node(join(root, "scripts", "bootstrap.mjs"), "program.mjs");
    assert.equal(await said(child), "here");
    const started = descendants(child.pid!);
    child.kill(signal);
    assert.deepEqual(await exited(child), [null, signal]);
    assert.ok(started.every((pid) => !isRunning(pid)));
  });
}

test("npm's scripts end with the code of what they have started", limit, async () => {
  const root = checkout("process.exit(7);");
  const child = node(join(root, "scripts", "bootstrap.mjs"), "program.mjs");
  assert.deepEqual(await exited(child), [7, null]);
});

test(
  "a run of lanes ends their programs, and those that these have started in groups of their own",
  limit,
  async () => {
    const lane = `
    import { startProcess } from ${compiled("tools/processes/start-process.js")};
    import { writeFileSync } from "node:fs";
    const child = startProcess("sh", ["-c", ${JSON.stringify(forEver)}]);
    setTimeout(() => { writeFileSync(${JSON.stringify(join(folder, "up"))}, String(child.pid)); }, 300);`;
    writeFileSync(join(folder, "lane.mjs"), lane);
    const code = `
    import { runLanes } from ${compiled("dev/lanes/run-lanes.js")};
    const lane = { name: "long", what: "", needs: [], minutes: 1, command: [process.execPath, ${JSON.stringify(join(folder, "lane.mjs"))}], count: () => null };
    await runLanes([lane], console.log, { ci: false, logs: ${JSON.stringify(folder)} });`;
    const child = node("--input-type=module", "-e", code);
    await until(() => {
      assert.ok(child.exitCode === null, "the lanes ended by themselves");
      return existsSync(join(folder, "up")) && readFileSync(join(folder, "up"), "utf8") !== "";
    });
    const started = descendants(child.pid!);
    assert.ok(process.platform !== "linux" || started.length >= 3);
    child.kill("SIGTERM");
    assert.deepEqual(await exited(child), [null, "SIGTERM"]);
    await until(() => started.every((pid) => !isRunning(pid)));
  },
);

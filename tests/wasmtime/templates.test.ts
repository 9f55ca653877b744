/** The templates `command` and `http`, built as their projects do and run on Wasmtime. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { initProject } from "../../tools/init/init-project.js";
import { packageRoot } from "../../tools/package-root.js";
import { pathOf } from "./components.js";
import { wasmtime } from "../../tools/setup/wheels.js";

const FLAGS = ["-W", "component-model-async=y", "-S", "p3=y"];

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), "rill-templates-"));
});
after(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Makes and builds a project of the template. @returns its component's path */
async function component(template: string, wait: WaitStrategy): Promise<string> {
  const project = join(home, template);
  initProject(project, template);
  mkdirSync(join(project, "node_modules"));
  symlinkSync(packageRoot, join(project, "node_modules", "as-rill"), "junction");
  const [entry, wit] = ["ts", "wit"].map((ending) => join(project, `${template}.${ending}`));
  const built = await buildGuest({ entry: entry!, wit: wit!, wait, component: true, outDir: project });
  return built.componentPath!;
}

test("command: counts the lines of standard input", async () => {
  const path = await component("command", "wait");
  const program = pathOf(await wasmtime());
  const { status, stdout } = spawnSync(program, ["run", ...FLAGS, path], {
    input: "a\nb\n",
    encoding: "utf8",
  });
  assert.deepEqual([status, stdout], [0, "2\n"]);
});

test("http: greets whoever the path names, and answers GET alone", { timeout: 120_000 }, async () => {
  const path = await component("http", "callback");
  const program = pathOf(await wasmtime());
  const child: ChildProcess = spawn(program, ["serve", ...FLAGS, "--addr", "127.0.0.1:0", path]);
  try {
    const [line] = (await once(createInterface(child.stderr!), "line")) as [string];
    const url = /http:\/\/[\d.:]+/.exec(line)![0];
    assert.equal(await (await fetch(`${url}/Ada`)).text(), "Hello, Ada!\n");
    assert.equal((await fetch(url, { method: "POST", body: "x" })).status, 405);
  } finally {
    child.kill();
    await once(child, "close");
  }
});

/** The templates `command` and `http`, built as their projects do and run on Wasmtime. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
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

/** Makes a project of the template and builds it as its package.json says. @returns its component's path */
function component(template: string): string {
  const project = join(home, template);
  initProject(project, template);
  mkdirSync(join(project, "node_modules"));
  symlinkSync(packageRoot, join(project, "node_modules", "as-rill"), "junction");
  const { scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    readonly scripts: { readonly build: string };
  };
  const [rill, ...args] = scripts.build.split(" ");
  assert.equal(rill, "rill");
  const program = join(packageRoot, "bin", "rill.js");
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: project,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return join(project, "build", `${template}.component.wasm`);
}

test("command: counts the lines of standard input", async () => {
  const path = component("command");
  const program = pathOf(await wasmtime());
  const { status, stdout } = spawnSync(program, ["run", ...FLAGS, path], {
    input: "a\nb\n",
    encoding: "utf8",
  });
  assert.deepEqual([status, stdout], [0, "2\n"]);
});

test("http: greets whoever the path names, and answers GET alone", { timeout: 120_000 }, async () => {
  const path = component("http");
  const core = readFileSync(path.replace(".component.", ".core."));
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(core)).map(({ name }) => name);
  assert.ok(imports.includes("[backpressure-inc]"), "requests run side by side");
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

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { debian } from "../../tools/setup/debian.js";
import { onPath } from "../../tools/setup/on-path.js";
import { program } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools, wasmtime } from "../../tools/setup/wheels.js";

const folder = mkdtempSync(join(tmpdir(), "rill-tools-"));
const path = process.env.PATH;
after(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

for (const [name, tool, version] of [
  ["wasm-tools", wasmTools, /^wasm-tools 1\.262\./],
  ["wasmtime", wasmtime, /^wasmtime 49\./],
] as const) {
  test(`${name} comes from its pinned wheel and runs`, async () => {
    const found = await tool();
    assert.ok(!isMissing(found), JSON.stringify(found));
    const said = await run(found.path, ["--version"]);
    assert.match(said.output, version);
  });
}

test("a program on PATH is found, a file without its run bit is not", () => {
  process.env.PATH = folder;
  writeFileSync(join(folder, "runs"), "", { mode: 0o755 });
  writeFileSync(join(folder, "does-not"), "", { mode: 0o644 });
  assert.equal(onPath("runs"), join(folder, "runs"));
  assert.equal(onPath("does-not"), null);
  process.env.PATH = path;
});

test("a missing program without apt-get comes with the line to type", async () => {
  process.env.PATH = folder;
  const tool = await program("frobnicate", ["frobnicate-bin"]);
  process.env.PATH = path;
  assert.deepEqual(tool, {
    missing: "frobnicate",
    how: "sudo apt-get install -y --no-install-recommends frobnicate-bin",
  });
});

test("a Debian package that is there is not asked for", { skip: onPath("dpkg-query") === null }, async () => {
  assert.deepEqual(await debian(["dpkg"]), { path: "/usr" });
});

test("a program that cannot be started ends with a reason", async () => {
  const done = await run(join(folder, "nowhere"), []);
  assert.equal(done.code, null);
  assert.match(done.output, /nowhere/);
});

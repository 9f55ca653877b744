/** Feature gates: what is in the world by default, with a feature, with all; as wasm-tools has it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import type { Features } from "../../tools/wit/wasm-tools.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { packageRoot } from "../../tools/package-root.js";

let folder: string;
let wit: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-features-"));
  wit = join(folder, "w.wit");
  writeFileSync(
    wit,
    `package a:b@1.2.0;
    interface i {
      always: func();
      @since(version = 1.0.0) old: func();
      @since(version = 1.2.0) @deprecated(version = 1.2.0) leaving: func();
      @unstable(feature = fast) quick: func();
      @unstable(feature = slow) late: func();
    }
    world w { export i; }`,
  );
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function ours(features?: Features): Promise<string[]> {
  const world = await resolveWorld(wit, undefined, features);
  return world.exports.interfaces[0]!.functions.map((func) => func.name).sort();
}

async function theirs(...flags: string[]): Promise<string[]> {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const done = await run(tool.path, ["component", "wit", "--json", ...flags, wit]);
  const json = JSON.parse(done.output) as { interfaces: { functions: Record<string, unknown> }[] };
  return Object.keys(json.interfaces[0]!.functions).sort();
}

test("by default, with a feature, with two, with all", async () => {
  assert.deepEqual(await ours(), ["always", "leaving", "old"]);
  assert.deepEqual(await ours(), await theirs());
  assert.deepEqual(await ours(["fast"]), await theirs("--features", "fast"));
  assert.deepEqual(await ours(["fast", "slow"]), await theirs("--features", "fast,slow"));
  assert.deepEqual(await ours("all"), await theirs("--all-features"));
});

test("rill bindgen takes --features, as wasm-tools does, and --all-features", async () => {
  const bindgen = async (...flags: string[]): Promise<{ code: number | null; output: string }> => {
    const out = join(folder, flags.join("-") || "none");
    const done = await run(process.execPath, [
      join(packageRoot, "bin", "rill.js"),
      "bindgen",
      wit,
      ...flags,
      "-o",
      out,
    ]);
    return { code: done.code, output: done.output };
  };
  for (const flags of [
    [],
    ["--features", "fast,slow"],
    ["--features", "fast", "--features", "slow"],
    ["--all-features"],
  ])
    assert.equal((await bindgen(...flags)).code, 0);
  const both = await bindgen("--all-features", "--features", "fast");
  assert.equal(both.code, 2);
  assert.match(both.output, /--all-features/);
});

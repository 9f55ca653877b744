/**
 * Decoded worlds against `wasm-tools component wit --json`: the corpus, and what
 * `wasm-tools wit-smith` makes of fixed seeds.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { decodeComponentType } from "../../tools/wit/component-type.js";
import { corpus } from "./corpus.js";
import { describeDecoded, describeJson, worldsOf, type WitJson } from "./describe-world.js";

const SEEDS = 100;
let folder: string;
let program: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-component-type-"));
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  program = tool.path;
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function tool(...args: string[]): Promise<string> {
  const done = await run(program, args);
  assert.equal(done.code, 0, `${args.join(" ")}: ${done.output}`);
  return done.output;
}

/** Compares every world of a WIT file or package. @returns how many there are */
async function compare(wit: string): Promise<number> {
  const json = JSON.parse(await tool("component", "wit", "--json", "--all-features", wit)) as WitJson;
  const worlds = worldsOf(json);
  for (const { name, world } of worlds) {
    const core = join(folder, "core.wasm");
    await tool(
      "component",
      "embed",
      "--dummy-names",
      "legacy",
      "--all-features",
      "--world",
      name,
      wit,
      "-o",
      core,
    );
    const decoded = decodeComponentType(readFileSync(core));
    assert.ok(decoded, `${name}: no world in the section`);
    assert.deepEqual(describeDecoded(decoded), describeJson(json, world), name);
  }
  return worlds.length;
}

for (const [name, wit] of Object.entries(corpus)) {
  test(`${name}: decoded as wasm-tools reads it`, async () => {
    const path = join(folder, `${name}.wit`);
    writeFileSync(path, wit);
    assert.ok((await compare(path)) > 0);
  });
}

/** Bytes that are the same for a seed on every machine (xorshift). */
function seedBytes(seed: number, byteLength: number): Uint8Array {
  let state = seed * 2654435761 || 1;
  return Uint8Array.from({ length: byteLength }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

test(`${SEEDS} seeds of wit-smith: decoded as wasm-tools reads them`, async () => {
  let worlds = 0;
  let accepted = 0;
  for (let seed = 1; accepted < SEEDS; seed++) {
    const bytes = join(folder, "seed");
    const wit = join(folder, "smith.wasm");
    writeFileSync(bytes, seedBytes(seed, 4096));
    const flags = ["--async", "--futures", "--streams", "--fixed-length-lists", "--max-packages", "2"];
    const made = await run(program, ["wit-smith", ...flags, bytes, "-o", wit]);
    if (/not of the correct format/.test(made.output)) continue; // the bytes lead to no package
    assert.equal(made.code, 0, made.output);
    accepted++;
    worlds += await compare(wit).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  assert.ok(worlds >= SEEDS / 2, `only ${worlds} worlds`);
});

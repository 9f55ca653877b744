/** What a call that is started is passed is copied, at every depth, and arrives as it was. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import { type HostFunction, immediate } from "../../tools/host/calls/lower.js";
import { packageRoot } from "../../tools/package-root.js";
import type { ValueType } from "../../tools/wit/model.js";
import { anyValue } from "../host/arbitrary-values.js";

let folder: string;
let built: BuildResult;
let module: WebAssembly.Module;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-kept-"));
  const guest = join(packageRoot, "tests", "guests", "kept");
  const [entry, wit] = [join(guest, "kept.ts"), join(guest, "kept.wit")];
  built = await buildGuest({ entry, wit, outDir: folder, arenaBytes: 8192 });
  module = new WebAssembly.Module(readFileSync(built.corePath));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const outside = new Map<string, HostFunction>([
  ["test:kept/outside#echo", immediate((x) => x!)],
  ["test:kept/outside#join", immediate((a, b) => (b as string[]).join(a as string))],
]);

function types(name: string): ValueType[] {
  return built.world.exports.functions.find((func) => func.name === name)!.params.map(({ type }) => type);
}

test("a value of every sort comes back", () => {
  const guest = new Guest(module, built.world, { functions: outside });
  fc.assert(
    fc.property(anyValue(types("through")[0]!), (value) => {
      assert.deepEqual(guest.call("through", [value]), value);
    }),
    { numRuns: 300 },
  );
});

test("two parameters arrive", () => {
  const guest = new Guest(module, built.world, { functions: outside });
  const [a, b] = types("joined");
  fc.assert(
    fc.property(anyValue(a!), anyValue(b!), (text, words) => {
      assert.equal(guest.call("joined", [text, words]), (words as string[]).join(text as string));
    }),
    { numRuns: 200 },
  );
});

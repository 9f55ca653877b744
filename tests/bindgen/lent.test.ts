/**
 * Handles that a caller lends are given back when the call ends, wherever in a parameter they
 * stand: the host traps when one is not.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import { type HostFunction, immediate } from "../../tools/host/calls/lower.js";
import { ResourceHandle } from "../../tools/host/tasks/resource.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";

const SUMS = "test:lent/sums";
let folder: string;
let built: BuildResult;
let module: WebAssembly.Module;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-lent-"));
  const guest = join(packageRoot, "tests", "guests", "lent");
  const [entry, wit] = [join(guest, "lent.ts"), join(guest, "lent.wit")];
  built = await buildGuest({ entry, wit, outDir: folder });
  module = new WebAssembly.Module(readFileSync(built.corePath));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const functions = new Map<string, HostFunction>([
  ["test:lent/given#[method]token.value", immediate((self) => (self as unknown as { value: number }).value)],
]);

const token = (value: number): Value => ({ value }) as unknown as Value;
const pair = (left: number, right: number, times = 1): Value => ({
  left: token(left),
  right: token(right),
  times,
});
const many = (...values: number[]): Value => ({ many: values.map(token) });

const calls: readonly (readonly [string, readonly Value[], Value])[] = [
  ["one", [token(7)], 7],
  ["of-pair", [pair(1, 2, 10)], 30],
  ["of-list", [[1, 2, 3].map(token)], 6],
  ["of-list", [[]], 0],
  ["of-pairs", [[pair(1, 2), pair(3, 4, 2)]], 17],
  ["of-some", [{ none: null }], 0],
  ["of-some", [{ one: token(5) }], 5],
  ["of-some", [{ two: pair(1, 2) }], 3],
  ["of-some", [many(1, 2, 3)], 6],
  ["of-maybe", [null, [1, null]], 1],
  ["of-maybe", [{ some: token(2) }, [1, { some: pair(3, 4) }]], 10],
  ["of-three", [[1, 2, 3].map(token)], "6"],
  ["of-all", [...[1, 2, 3, 4, 5].map((i) => pair(i, i)), many(10, 20), token(100)], 160],
  ["later", [[{ one: token(1) }, many(2, 3), { none: null }, { two: pair(4, 5) }], pair(10, 20)], 45],
  ["later-all", [...[1, 2, 3, 4, 5].map((i) => pair(i, i)), { two: pair(10, 20) }], "60"],
];

for (const [name, args, expected] of calls) {
  test(`${name}: ${JSON.stringify(args)}`, () => {
    const guest = new Guest(module, built.world, { functions });
    for (let round = 0; round < 40; round++) {
      const call = guest.start(`${SUMS}#${name}`, args);
      guest.finish(call);
      assert.deepEqual(call.outcome, { value: expected });
    }
    const held = [...guest.instance.handles].flat().filter((entry) => entry instanceof ResourceHandle);
    assert.equal(held.length, 0);
  });
}

/** The names of cases and flags stand for the numbers that the canonical ABI gives them. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";

let folder: string;
let built: BuildResult;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-cases-"));
  const guest = join(packageRoot, "tests", "guests", "cases");
  built = await buildGuest({
    entry: join(guest, "cases.ts"),
    wit: join(guest, "cases.wit"),
    outDir: folder,
    bindings: false,
  });
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const flags = ["read", "write", "execute", "share"];
const values: Readonly<Record<string, readonly Value[]>> = {
  "is-suit": ["clubs", "diamonds", "hearts"],
  "has-access": flags.map((flag) => Object.fromEntries(flags.map((name) => [name, name === flag]))),
  "is-any": [
    { nothing: null },
    { first: 1 },
    { second: null },
    { long: 2 },
    { pair: 3 },
    { numbers: null },
    { entries: null },
    { other: -1 },
  ],
  "is-option": [null, { some: 7 }],
  "is-result": [{ ok: 7 }, { error: 7 }],
};

for (const [name, cases] of Object.entries(values))
  test(`${name}: each name is its case's and no other's`, () => {
    const guest = new Guest(new WebAssembly.Module(readFileSync(built.corePath)), built.world);
    for (const [index, value] of cases.entries())
      for (const number of cases.keys())
        assert.equal(guest.call(`test:cases/cases#${name}`, [value, number]), index === number);
  });

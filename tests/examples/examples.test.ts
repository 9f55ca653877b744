/** Each example's own test, as its reader runs it; one process, so that the compilers are loaded once. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { packageRoot } from "../../tools/package-root.js";
import { trackedFiles } from "../rules/tracked-files.js";

/** Examples with data, which have lanes of their own. */
const OTHERS = ["ecg", "imu", "names"];

/** Commands and HTTP handlers run on Wasmtime: `tests/wasmtime/wasi-examples.test.ts`. */
const OF_WASI = "wasi-";

const examples = [
  ...new Set(trackedFiles(/^examples\/[\w-]+\//).map(({ path }) => path.split("/")[1]!)),
].filter((name) => !OTHERS.includes(name) && !name.startsWith(OF_WASI));

for (const name of examples) {
  const path = (ending: string): string => join(packageRoot, "examples", name, ending);
  test(`${name} has WIT, guest, test and README`, () => {
    for (const ending of ["wit", "ts", "test.mjs"]) assert.ok(existsSync(path(`${name}.${ending}`)), ending);
    assert.ok(existsSync(path("README.md")));
  });
  await import(pathToFileURL(path(`${name}.test.mjs`)).href);
}

test("there are examples", () => {
  assert.ok(examples.length >= 7);
});

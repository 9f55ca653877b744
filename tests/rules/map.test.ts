/**
 * ARCHITECTURE.md's map is the tree: every folder that it names is there, and
 * every folder of the first levels is named.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { trackedFiles } from "./tracked-files.js";

/** Folders whose own folders are in the map too. */
const OPENED = ["assembly/", "c/", "programs/", "tools/"];

const rows = readFileSync(join(packageRoot, "ARCHITECTURE.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| `[a-z]/.test(line));
const named = new Set(
  rows.flatMap((row) =>
    [...row.split("|")[1]!.matchAll(/`([\w-]+(?:\/[\w-]+)*\/)`/g)].map(([, path]) => path!),
  ),
);
const folders = new Set(
  trackedFiles(/\//).flatMap(({ path }) => {
    const parts = path.split("/").slice(0, -1);
    return parts.map((_, depth) => `${parts.slice(0, depth + 1).join("/")}/`);
  }),
);

test("every folder of the map is there", () => {
  assert.ok(named.size > 30);
  assert.deepEqual(
    [...named].filter((path) => !folders.has(path)),
    [],
  );
});

test("every folder of the tree is in the map", () => {
  const wanted = [...folders].filter((path) => {
    if (path.startsWith(".")) return false;
    const depth = path.split("/").length - 1;
    return depth === 1 || (depth === 2 && OPENED.some((parent) => path.startsWith(parent)));
  });
  assert.deepEqual(
    wanted.filter((path) => !named.has(path)),
    [],
  );
});

test("no folder that holds sources is called build: search tools skip those", () => {
  assert.deepEqual(
    [...folders].filter((path) => /(?:^|\/)build\/$/.test(path)),
    [],
  );
});

/**
 * No folder needs a folder beside it that needs it in turn, and no file does but
 * for the pairs that are named here.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cycles, foldersIn, importGraph } from "./import-graph.js";

const SOURCES = /^(?:assembly|tools|dev|bench|tests)\/.*\.ts$/;

/** Two halves of one idea, each in a file of its own, that are meant to know each other. */
const HALVES: readonly (readonly string[])[] = [
  // An arena's current region, and the rules by which calls and reads may change it.
  ["assembly/arena.ts", "assembly/landing.ts"],
  // A set and its members: joining changes both.
  ["tools/host/tasks/waitable-set.ts", "tools/host/tasks/waitable.ts"],
  // An instance, its tasks, and who runs them next.
  [
    "tools/host/tasks/component-instance.ts",
    "tools/host/tasks/resource.ts",
    "tools/host/tasks/scheduler.ts",
    "tools/host/tasks/task.ts",
  ],
];

const files = importGraph(SOURCES);

test("no cycle of folders", () => {
  const parents = new Set([""]);
  for (const path of files.keys()) {
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1))
      parents.add(path.slice(0, at + 1));
  }
  assert.ok(parents.size > 40);
  for (const parent of parents)
    assert.deepEqual(cycles(foldersIn(parent, files)), [], `folders in ${parent || "."}`);
});

test("no cycle of files but those that are named", () => {
  assert.ok(files.size > 400);
  const found = cycles(files).map((group) => group.join(" "));
  const named = HALVES.map((group) => group.join(" "));
  assert.deepEqual(
    found.filter((group) => !named.includes(group)),
    [],
  );
  assert.deepEqual(
    named.filter((group) => !found.includes(group)),
    [],
    "named, and no cycle any more",
  );
});

test("a cycle is found, of files and of folders", () => {
  const graph = new Map([
    ["a/x.ts", new Set(["b/y.ts"])],
    ["b/y.ts", new Set(["b/z.ts"])],
    ["b/z.ts", new Set(["a/w.ts"])],
    ["a/w.ts", new Set<string>()],
  ]);
  assert.deepEqual(cycles(graph), []);
  assert.deepEqual(cycles(foldersIn("", graph)), [["a", "b"]]);
  graph.set("a/w.ts", new Set(["b/y.ts"]));
  assert.deepEqual(cycles(graph), [["a/w.ts", "b/y.ts", "b/z.ts"]]);
});

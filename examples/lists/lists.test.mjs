import assert from "node:assert/strict";
import { test } from "node:test";
import { build, open } from "as-rill/testing";
import { beside } from "../beside.mjs";

const core = await build(beside(import.meta.url, "lists"));

test("lists: a verdict for each entry", () => {
  const entries = [
    { name: "a", values: [] },
    { name: "bc", values: [1, 2, 6] },
  ];
  assert.deepEqual(open(core).call("rill:lists/entries#judge", [entries]), [
    { name: "A", kind: "empty", mean: null, words: ["of", "0"] },
    { name: "BC", kind: "long", mean: { some: 3 }, words: ["of", "3"] },
  ]);
});

test("lists: an entry that the arena has no room for traps, and says what is missing", () => {
  const entry = { name: "long", values: new Array(400).fill(1) };
  assert.throws(() => open(core).call("rill:lists/entries#judge", [[entry]]), /312 more bytes/);
});

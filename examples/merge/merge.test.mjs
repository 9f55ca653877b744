import assert from "node:assert/strict";
import { test } from "node:test";
import { LATER, build, open } from "as-rill/testing";
import { beside } from "../beside.mjs";

const core = await build(beside(import.meta.url, "merge"));

const at = (timestamp) => ({ timestamp, value: timestamp / 2 });

for (const copies of ["ready", "blocking"]) {
  test(`merge: by time, ${copies}`, () => {
    const [left, right] = [[1, 4, 5].map(at), [2, 3, 9].map(at)];
    const merged = open(core, { copies }).call("rill:merge/join#merge", [left, right]);
    assert.deepEqual(
      merged.map(({ timestamp }) => timestamp),
      [1, 2, 3, 4, 5, 9],
    );
  });
}

test("merge: whichever comes first", () => {
  const left = [LATER, LATER, LATER, LATER, LATER, LATER, 1, 2];
  const items = open(core, { copies: "blocking" }).call("rill:merge/join#race", [left, [10, 20]]);
  assert.deepEqual(items.toSorted(), [1, 10, 2, 20]);
  assert.equal(items[0], 10);
});

test("merge: a reader that leaves ends it", () => {
  const items = open(core).call(
    "rill:merge/join#race",
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { take: 2 },
  );
  assert.equal(items.length, 2);
});

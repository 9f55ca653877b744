import assert from "node:assert/strict";
import { test } from "node:test";
import { build, open } from "as-rill/testing";
import { beside } from "../beside.mjs";

const core = await build(beside(import.meta.url, "future"));
const SUMMARIZE = "rill:futures/stats#summarize";

for (const copies of ["ready", "blocking"]) {
  test(`future: the summary comes when the samples end, ${copies}`, () => {
    const summary = open(core, { copies }).call(SUMMARIZE, [[3, -1, 4]]);
    assert.deepEqual(summary, { count: 3, minimum: -1, maximum: 4, mean: 2 });
  });

  test(`future: the limit comes first, ${copies}`, () => {
    assert.equal(open(core, { copies }).call("rill:futures/stats#below", [3, [1, 2, 3, 4]]), 2);
  });
}

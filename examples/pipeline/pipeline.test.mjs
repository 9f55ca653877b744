import assert from "node:assert/strict";
import { test } from "node:test";
import { build, open } from "as-rill/testing";
import { beside } from "../beside.mjs";

const STAGE = "rill:pipeline/stage#";

for (const wait of ["wait", "callback"]) {
  const core = await build({ ...beside(import.meta.url, "pipeline"), wait });

  test(`pipeline: what one stage wrote is what the next one reads, ${wait}`, () => {
    const [first, second] = [open(core), open(core, { copies: "blocking" })];
    const halved = first.call(`${STAGE}halve`, [[1, 2, 3, 4, 5]]);
    assert.deepEqual(halved, [1, 3, 5]);
    assert.deepEqual(second.call(`${STAGE}sum`, [halved]), [1, 4, 9]);
  });
}

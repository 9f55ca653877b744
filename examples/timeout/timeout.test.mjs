import assert from "node:assert/strict";
import { test } from "node:test";
import { LATER, after, build, open } from "as-rill/testing";
import { beside } from "../beside.mjs";

const core = await build(beside(import.meta.url, "timeout"));

/** A clock that ends when `turns` other things have happened. */
function gather(samples, turns) {
  const functions = { "rill:timeout/clock#wait-for": () => after(turns) };
  return open(core, { copies: "blocking", functions }).call("rill:timeout/app#gather", [samples]);
}

test("timeout: counts until the samples end", () => {
  assert.equal(gather([1, 2, 3], 50), 3);
});

test("timeout: counts until none came in time", () => {
  assert.equal(gather([1, 2, ...new Array(60).fill(LATER), 3], 20), 2);
});

// Streams samples through the guest and compares what comes back: see docs/testing.md of as-rill.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open } from "as-rill/testing";

const core = Uint8Array.from(readFileSync("build/my-guest.core.wasm"));

for (const copies of ["ready", "blocking"]) {
  test(`each answer is the mean of a sample and the one before, ${copies}`, () => {
    const answers = open(core, { copies }).call("my:my-guest/filter#smooth", [[10, 20, 30, 30]]);
    assert.deepEqual(answers, [5, 15, 25, 30]);
  });
}

test("a reader that leaves ends the guest", () => {
  const answers = open(core).call("my:my-guest/filter#smooth", [[10, 20, 30, 30]], { take: 2 });
  assert.deepEqual(answers, [5, 15]);
});

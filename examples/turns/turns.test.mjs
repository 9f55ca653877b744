import assert from "node:assert/strict";
import { test } from "node:test";
import { LATER, build, open } from "as-rill/testing";
import { beside } from "../beside.mjs";

const core = await build({ ...beside(import.meta.url, "turns"), wait: "callback", tasks: 2 });
const PEAKS = "rill:turns/sensors#peaks";
const HIGHEST = "rill:turns/sensors#highest";

test("turns: two sensors take turns, and each sees the other's peaks", () => {
  const guest = open(core, { copies: "blocking" });
  const slow = guest.start(PEAKS, [[1, 5, 7, 12]]);
  const other = guest.start(PEAKS, [[3, 4, 9, 10]]);
  const peaks = [slow.finish(), other.finish()];
  assert.deepEqual(peaks, [
    [1, 5, 12],
    [3, 9],
  ]);
  assert.equal(guest.call(HIGHEST), 12);
});

test("turns: the third call waits until a task has ended", () => {
  const guest = open(core, { copies: "blocking" });
  const calls = [[1], [2, LATER, 3], [4]].map((samples) => guest.start(PEAKS, [samples]));
  assert.deepEqual(
    calls.map((call) => call.finish()),
    [[1], [2, 3], [4]],
  );
});

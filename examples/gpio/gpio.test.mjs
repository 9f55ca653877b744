import assert from "node:assert/strict";
import { test } from "node:test";
import { build, open } from "as-rill/testing";
import { beside } from "../beside.mjs";

const core = await build(beside(import.meta.url, "gpio"));

test("gpio: the lamp is lit, and logged, while samples are above the threshold", () => {
  const pins = [];
  const log = [];
  const functions = {
    "rill:gpio/board#set": (pin, on) => void pins.push([pin, on]),
    "rill:gpio/board#log": (text) => void log.push(text),
  };
  assert.equal(open(core, { functions }).call("rill:gpio/app#blink", [[1, 9, 5, 7], 5]), 2);
  assert.deepEqual(
    pins,
    [false, true, false, true].map((on) => [13, on]),
  );
  assert.deepEqual(log, ["above: 9", "above: 7"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { build, open } from "as-rill/testing";
import { beside } from "../beside.mjs";

const core = await build(beside(import.meta.url, "resource"));
const NAME = "rill:filters/filters#";

test("resource: each filter has a state of its own, which its methods share", () => {
  const guest = open(core);
  const [slow, fast] = [4, 0].map((shift) => guest.call(`${NAME}[constructor]lowpass`, [shift]));
  assert.equal(guest.call(`${NAME}[method]lowpass.push`, [slow, 160]), 10);
  assert.equal(guest.call(`${NAME}[method]lowpass.push`, [fast, 160]), 160);
  assert.deepEqual(guest.call(`${NAME}[method]lowpass.filter`, [slow, [160, 160]]), [19, 28]);
});

test("resource: a fifth filter traps", () => {
  const guest = open(core);
  for (let i = 0; i < 4; i++) guest.call(`${NAME}[constructor]lowpass`, [1]);
  assert.throws(() => guest.call(`${NAME}[constructor]lowpass`, [1]));
});

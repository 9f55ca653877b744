import assert from "node:assert/strict";
import { test } from "node:test";
import { arenaFaults } from "./arena-faults.js";
import { guestContents } from "./contents.js";
import { futureFaults } from "./future-faults.js";
import { firstRule, gateGuest, sourceOf, withSource } from "./gate-guests.js";
import { handOnFaults } from "./hand-on-faults.js";
import { handleFaults } from "./handle-faults.js";
import { lastItemFaults } from "./last-item-faults.js";
import { manyFaults } from "./many-faults.js";
import { seededFaults } from "./seeded-faults.js";
import { waitAnyFaults } from "./wait-any-faults.js";

const faults = [
  ...seededFaults,
  ...arenaFaults,
  ...futureFaults,
  ...handleFaults,
  ...waitAnyFaults,
  ...manyFaults,
  ...handOnFaults,
  ...lastItemFaults,
];

test("there are at least 150 faults, no two by one name", () => {
  assert.ok(faults.length >= 150);
  assert.equal(new Set(faults.map(({ name }) => name)).size, faults.length);
});

for (const { name, file, find, times = 1, replace, guest, arenaBytes, rules } of faults) {
  test(`caught: ${name}`, async () => {
    const whole = await gateGuest(guest);
    const source = sourceOf(whole, file);
    assert.equal(source.split(find).length - 1, times, `the change applies to ${file}`);
    const found = await firstRule(
      withSource(
        whole,
        file,
        source.replaceAll(find, () => replace),
      ),
      rules.includes("wrong-contents") ? { arenaBytes, contents: guestContents(guest) } : { arenaBytes },
    );
    assert.ok(found !== null, `escaped on ${guest}`);
    assert.ok(rules.includes(found), `found ${found}, expected ${rules.join(" or ")}`);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { firstRule, gateGuest, sourceOf, withSource } from "./gate-guests.js";
import { seededFaults } from "./seeded-faults.js";

test("there are at least 40 faults, no two by one name", () => {
  assert.ok(new Set(seededFaults.map(({ name }) => name)).size >= 40);
});

for (const { name, file, find, replace, guest, rules } of seededFaults) {
  test(`caught: ${name}`, async () => {
    const whole = await gateGuest(guest);
    const source = sourceOf(whole, file);
    assert.equal(source.split(find).length, 2, `the change applies once to ${file}`);
    const found = await firstRule(
      withSource(
        whole,
        file,
        source.replace(find, () => replace),
      ),
    );
    assert.ok(found !== null, `escaped on ${guest}`);
    assert.ok(rules.includes(found), `found ${found}, expected ${rules.join(" or ")}`);
  });
}

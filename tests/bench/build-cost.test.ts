/** What a build may cost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildCostFaults } from "../../bench/build-cost.js";

test("a ratio above its budget is told, and so is one that is no number", () => {
  assert.deepEqual(buildCostFaults({ cold_to_asc: 1.2, rebuild_to_cold: 0.1 }), []);
  const faults = buildCostFaults({ cold_to_asc: 3.7, rebuild_to_cold: NaN });
  assert.equal(faults.length, 2);
  assert.match(faults[0]!, /^cold_to_asc is 3\.70, at most/);
});

test("asc alone twice is the most that was promised for a build", () => {
  assert.equal(buildCostFaults({ cold_to_asc: 2.01, rebuild_to_cold: 0 }).length, 1);
});

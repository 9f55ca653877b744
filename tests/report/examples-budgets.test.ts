/**
 * Every example keeps within the budget in its folder. After a change that is
 * meant: `npm run bench -- --update`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { budgetedExamples } from "../../bench/example-budgets.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { folder, rill } from "./rill.js";

const examples = budgetedExamples();

for (const { name, entry, wit, budget } of examples) {
  test(`${name} keeps within examples/${name}/budget.json`, async () => {
    const built = await buildGuest({ entry, wit, outDir: folder });
    const { code, stderr } = rill("report", built.corePath, "--budget", budget);
    assert.equal(code, 0, stderr);
  });
}

test("there are examples", () => {
  assert.ok(examples.some(({ name }) => name === "ecg"));
});

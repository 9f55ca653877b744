import assert from "node:assert/strict";
import { test } from "node:test";
import { closingLine, nodeTest, oneCheck } from "../../dev/lanes/counts.js";

const nodeSummary = (sign: string): string =>
  [`${sign} tests 9`, `${sign} suites 0`, `${sign} pass 4`, `${sign} fail 1`, `${sign} cancelled 1`]
    .concat([`${sign} skipped 2`, `${sign} todo 1`, `${sign} duration_ms 4.2`])
    .join("\n");

for (const sign of ["ℹ", "#"]) {
  test(`node:test's summary after ${sign}`, () => {
    assert.deepEqual(nodeTest(`noise\n${nodeSummary(sign)}\n`, 1), { passed: 4, failed: 2, skipped: 3 });
  });
}

test("node:test: colours do not hide the summary", () => {
  const coloured = "\u001b[34mℹ pass 3\u001b[39m\n\u001b[34mℹ fail 0\u001b[39m\n";
  assert.deepEqual(nodeTest(coloured, 0), { passed: 3, failed: 0, skipped: 0 });
});

test("the last closing line counts", () => {
  const output = "1 passed, 0 failed\n20 passed, 3 failed\n";
  assert.deepEqual(closingLine(output, 1), { passed: 20, failed: 3, skipped: 0 });
  assert.deepEqual(closingLine("2 passed, 0 failed, 1 skipped", 0), { passed: 2, failed: 0, skipped: 1 });
});

test("one check goes by its exit code", () => {
  assert.equal(oneCheck("", 0)?.passed, 1);
  assert.equal(oneCheck("", 1)?.failed, 1);
  assert.equal(oneCheck("", null)?.failed, 1);
});

test("an output without a summary has no counts", () => {
  for (const counter of [nodeTest, closingLine]) assert.equal(counter("all is well", 0), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { excesses, readBudgets } from "../../bench/budgets.js";
import { tableText } from "../../bench/table.js";
import { workloads } from "../../bench/workloads.js";
import { figures } from "./figures.js";

test("a figure at its limit is within it, one above is not", () => {
  assert.deepEqual(excesses(figures, { sample: { file_bytes: 700, code_bytes: 200 } }), []);
  const [excess, ...others] = excesses(figures, { sample: { file_bytes: 699, code_bytes: 200 } });
  assert.deepEqual(excess, { guest: "sample", figure: "file_bytes", limit: 699, measured: 700 });
  assert.deepEqual(others, []);
});

test("a nested figure is compared too", () => {
  const [excess] = excesses(figures, { sample: { classic: { pool_bytes: 2699 } } });
  assert.deepEqual(excess, { guest: "sample", figure: "classic.pool_bytes", limit: 2699, measured: 2700 });
});

test("a limit for a figure that was not measured, or that does not exist, is broken", () => {
  const broken = excesses(figures, { sample: { fast: { pool_bytes: 9 }, typo_bytes: 9 } });
  assert.deepEqual(
    broken.map(({ figure, measured }) => [figure, measured]),
    [
      ["fast.pool_bytes", null],
      ["typo_bytes", null],
    ],
  );
});

test("a guest without a budget is refused", () => {
  assert.throws(() => excesses(figures, {}), /no budget for sample/);
});

/** What was promised: no budget may allow more, whatever else changes. */
const PROMISES = {
  double: {
    file_bytes: 760,
    code_bytes: 240,
    instructions_ready: 40,
    instructions_blocking: 55,
    allocations: 0,
  },
  "double --wait callback": { allocations: 0 },
  imu: { allocations: 0 },
  ecg: { allocations: 0 },
  names: { file_bytes: 1400, instructions_ready: 250 },
} as const;

test("every guest of the bench has a budget, and none allows more than was promised", () => {
  const budgets = readBudgets();
  const guests = workloads.map(({ name }) => name).sort();
  // What the bench measures beside them.
  const others = ["calls", "copies", "density"];
  assert.deepEqual(Object.keys(budgets).sort(), [...guests, ...others].sort());
  assert.deepEqual(Object.keys(PROMISES).sort(), guests);
  for (const [guest, promise] of Object.entries(PROMISES)) {
    for (const [figure, most] of Object.entries(promise))
      assert.ok((budgets[guest]![figure] as number) <= most, `${guest} ${figure}: at most ${most}`);
  }
});

test("the table has a column a guest and a dash for what was not measured", () => {
  const text = tableText([figures]);
  assert.match(text, /│ +│ sample +│/);
  assert.match(text, /linear memory used: bytes +│ +64 │/);
  assert.match(text, /WAMR fast: machine instructions per item, ready +│ +- │/);
});

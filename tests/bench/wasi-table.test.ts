/** README.md's table of the examples for WASI 0.3. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wasiExamples } from "../../bench/wasi-examples.js";
import { shownRust, wasiTable } from "../../bench/wasi-table.js";

const names = wasiExamples().map(({ name }) => name);
const own = { head: "as-rill", bytes: new Map(names.map((name, index) => [name, 1000 + index])) };
const rust = { head: "Rust 1.99", bytes: new Map(names.map((name, index) => [name, 25_000 + index])) };
const table = wasiTable(own, rust);

test("a row for each example: what it does, both figures, and how many times ours the other is", () => {
  assert.match(table, /^\| program \| what it does \| as-rill \| Rust 1\.99 \| times \|$/m);
  assert.match(
    table,
    /^\| \[cat\]\(examples\/wasi-cat\) \| Copies .* output \| 1,000 \| 25,000 \| 25\.0 \|$/m,
  );
  assert.equal(table.split("\n").length, 2 + names.length);
});

test("Rust's column is read back from the table; one that is not there is a dash", () => {
  assert.deepEqual(shownRust(table), rust);
  const without = wasiTable(own, { head: "Rust", bytes: new Map() });
  assert.match(without, /\| 1,000 \| - \| - \|/);
  assert.deepEqual(shownRust(without), { head: "Rust", bytes: new Map() });
  assert.equal(shownRust("").bytes.size, 0);
});

/** README.md's table is the bench's, row by row. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markdown, staleRows } from "../../bench/readme.js";
import { figures } from "./figures.js";

const page = (table: string): string =>
  `# A page\n\n<!-- bench:begin -->\n${table}\n<!-- bench:end -->\n\nMore.\n`;
const table = markdown([figures]);

test("today's table is fresh", () => {
  assert.deepEqual(staleRows(page(table), [figures]), []);
});

test("a figure that changed makes its row stale, in the page and in today's table", () => {
  assert.deepEqual(staleRows(page(table), [{ ...figures, code_bytes: 201 }]), [
    "| code section: bytes | 201 |",
    "| code section: bytes | 200 |",
  ]);
});

test("a row that is no more, one that is missing, a guest that came: all are stale", () => {
  const [head, rule, first, ...others] = table.split("\n");
  const gone = [head, rule, "| a figure of old | 1 |", first, ...others].join("\n");
  assert.deepEqual(staleRows(page(gone), [figures]), ["| a figure of old | 1 |"]);
  assert.deepEqual(staleRows(page([head, rule, ...others].join("\n")), [figures]), [first]);
  assert.ok(staleRows(page(table), [figures, { ...figures, guest: "other" }]).length > 10);
});

test("processor instructions depend on the machine's compiler and are not compared", () => {
  const elsewhere = { ...figures, classic: { ...figures.classic!, instructions_ready: 2001 } };
  assert.deepEqual(staleRows(page(table), [elsewhere]), []);
});

test("a page without the table is a mistake", () => {
  assert.throws(() => staleRows("# A page\n", [figures]), /has no table between/);
});

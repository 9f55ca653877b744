import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { file, folder, guest, reportOf, rill, wat } from "./rill.js";

const double = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");

test("text: the figures of the JSON, one look at the top, no colour codes away from a terminal", () => {
  const { stdout, code } = rill("report", double);
  const report = reportOf(double);
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /\u001b/);
  const [title, size] = stdout.split("\n");
  assert.equal(title, "double.core.wasm");
  assert.ok(size!.includes(report.file_bytes.toLocaleString("en-US")));
  assert.match(stdout, /cannot allocate: no memory\.grow, no allocator, no cabi_realloc in the binary/);
  assert.match(stdout, /stream\.read\s+\[export\]my:test\/i \[async-lower\]\[stream-read-0\]double/);
  assert.match(stdout, new RegExp(`stack_size ${report.stack.stack_bytes}`));
  assert.match(stdout, /slot\s+double stream\.read 0/);
});

test("Markdown: tables that GitHub draws, whatever the names hold", () => {
  const path = file(
    "hostile.wasm",
    wat('(module (func $a (export "pipe|tick`<b>&") (result i32) (i32.const 1)))'),
  );
  const { stdout, code } = rill("report", path, "--markdown");
  assert.equal(code, 0);
  assert.match(stdout, /^### `hostile\.wasm`: /);
  const rows = stdout.split("\n").filter((line) => line.startsWith("|"));
  const cells = (line: string): number => line.replaceAll("\\|", "").split("|").length;
  for (let i = 1; i < rows.length; i++) {
    if (!rows[i]!.includes("---")) continue;
    assert.equal(cells(rows[i]!), cells(rows[i - 1]!));
    assert.equal(cells(rows[i]!), cells(rows[i + 1]!), rows[i + 1]!);
  }
});

test("HTML: hostile names stay text", () => {
  const path = file("script.wasm", wat('(module (func (export "</script><script>alert(1)</script>")))'));
  const page = join(folder, "script.html");
  rill("report", path, "--html", page);
  const text = readFileSync(page, "utf8");
  assert.doesNotMatch(text, /<script>alert/);
  assert.match(text, /Content-Security-Policy/);
});

test("C header: compiles, with the figures of the JSON", () => {
  const header = join(folder, "figures.h");
  const { stack, linear_memory: memory, device } = reportOf(double, "--c-header", header, "--device");
  const source = file(
    "figures.c",
    `#include "figures.h"
_Static_assert(RILL_DOUBLE_STACK_BYTES == ${stack.stack_bytes}u, "stack");
_Static_assert(RILL_DOUBLE_LINEAR_MEMORY_BYTES == ${memory.used_bytes}u, "memory");
_Static_assert(RILL_DOUBLE_CALL_DEPTH == ${stack.call_depth}u, "calls");
_Static_assert(RILL_DOUBLE_OPERAND_CELLS == ${stack.operand_cells!.cells}u, "operands");
_Static_assert(RILL_DOUBLE_POOL_BYTES == ${device!.pool_bytes}u, "pool");
`,
  );
  const { status, stderr } = spawnSync(
    "gcc",
    ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", source],
    { encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
});

test("a form that cannot be written: one message, nothing half-written", () => {
  const { code, stderr } = rill("report", double, "--html", join(folder, "no", "such", "folder.html"));
  assert.equal(code, 2);
  assert.match(stderr, /folder\.html: cannot be written: no such file or folder/);
});

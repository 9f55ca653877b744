import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, file, guest, reportOf, wat } from "./rill.js";

test("a pointer-free guest cannot allocate", async () => {
  const report = reportOf(await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit"));
  assert.equal(report.allocation.verdict, "proven");
  assert.deepEqual(report.allocator_functions, []);
  assert.equal(report.memory_grow, false);
  assert.equal(report.cabi_realloc, false);
});

test("asc: the path from the export to memory.grow, with the line of each call", async () => {
  const path = await compile(
    "allocates",
    "class P { x: i32 = 1; }\nfunction make(): P {\n  return new P();\n}\nexport function run(): i32 {\n  return make().x;\n}\nexport function pure(a: i32): i32 { return a + 1; }\n",
    "--debug",
  );
  const { allocation, memory_grow: grows, allocator_functions: allocators } = reportOf(path);
  assert.equal(allocation.verdict, "found");
  assert.equal(grows, true);
  assert.ok(allocators.includes("~lib/rt/stub/__alloc"));
  const route = allocation.paths.find((entry) => entry.export === "run")!;
  assert.deepEqual(
    route.chain.slice(0, 2).map((step) => step.function),
    ["main/run", "main/make"],
  );
  assert.equal(route.chain[0]!.source, "main.ts:6");
  assert.equal(route.kind, "memory.grow");
  assert.match(route.source!, /rt\/stub\.ts:\d+$/);
  assert.ok(!allocation.paths.some((entry) => entry.export === "pure"));
});

test("asc optimised without names: the inlined allocator shows by its source lines", async () => {
  const path = await compile(
    "inlined",
    "class P { x: i32 = 1; }\nexport function run(): i32 { return new P().x; }\n",
    "-Oz",
  );
  const { allocation } = reportOf(path);
  assert.equal(allocation.verdict, "found");
  assert.equal(allocation.paths[0]!.export, "run");
});

test("a call through a table leads to the functions of its type", () => {
  const path = file(
    "table.wasm",
    wat(`(module (memory 1) (type $v (func)) (table 1 funcref) (elem (i32.const 0) $grow)
      (func $grow (drop (memory.grow (i32.const 1))))
      (func (export "run") (call_indirect (type $v) (i32.const 0)))
      (func (export "other") (result i32) (i32.const 1)))`),
  );
  const { allocation } = reportOf(path);
  assert.deepEqual(
    allocation.paths.map((route) => route.export),
    ["run"],
  );
  assert.deepEqual(
    allocation.paths[0]!.chain.map((step) => step.function),
    ["run", "grow"],
  );
});

test("an allocator that no export reaches", () => {
  const path = file(
    "unreached.wasm",
    wat(`(module (memory 1) (func $malloc (param i32) (result i32) (i32.const 64)) (func (export "run")))`),
  );
  const { allocation } = reportOf(path);
  assert.equal(allocation.verdict, "proven");
  assert.ok(
    allocation.evidence.includes("no call reaches what allocates: malloc"),
    allocation.evidence.join(),
  );
});

test("cabi_realloc is told", () => {
  const path = file(
    "realloc.wasm",
    wat(
      `(module (memory 1) (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))`,
    ),
  );
  assert.equal(reportOf(path).cabi_realloc, true);
});

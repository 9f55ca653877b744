/**
 * Proven, found or unknown: no module is called safe whose memory may come from
 * a place that the report cannot see.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Allocation } from "../../tools/report/model.js";
import { analysed, file, rill, wat } from "./rill.js";

let modules = 0;

async function judged(text: string): Promise<Allocation> {
  return (await analysed(file(`verdict-${modules++}.wasm`, wat(text)))).allocation;
}

/** Modules in which an instruction allocates, by that instruction. */
const found: Readonly<Record<string, string>> = {
  "memory.grow": `(module (memory 1) (func (export "f") (drop (memory.grow (i32.const 1)))))`,
  "table.grow": `(module (table $t 1 funcref)
    (func (export "f") (result i32) (table.grow $t (ref.null func) (i32.const 1000))))`,
  "struct.new": `(module (type $p (struct (field i32)))
    (func (export "f") (result i32) (struct.get $p 0 (struct.new $p (i32.const 1)))))`,
  "struct.new_default": `(module (type $p (struct (field i32)))
    (func (export "f") (result i32) (struct.get $p 0 (struct.new_default $p))))`,
  "array.new": `(module (type $a (array i32))
    (func (export "f") (result i32) (array.len (array.new $a (i32.const 1) (i32.const 9)))))`,
  "array.new_fixed": `(module (type $a (array i32))
    (func (export "f") (result i32) (array.len (array.new_fixed $a 1 (i32.const 9)))))`,
};
for (const [kind, text] of Object.entries(found)) {
  test(`${kind} allocates`, async () => {
    const { verdict, paths, leading } = await judged(text);
    assert.equal(verdict, "found");
    assert.equal(leading, 1);
    assert.deepEqual([paths[0]!.export, paths[0]!.kind], ["f", kind]);
  });
}

test("what an exported or imported table can hand out is where execution begins, and so is the start function", async () => {
  const grow = "(func $g (drop (memory.grow (i32.const 1))))";
  for (const text of [
    `(module (memory 1) (table (export "t") 1 funcref) (elem (i32.const 0) $g) ${grow})`,
    `(module (import "env" "t" (table 1 funcref)) (memory 1) (elem (i32.const 0) $g) ${grow})`,
    `(module (memory 1) (start $g) ${grow})`,
    `(module (memory 1) (elem declare func $g) ${grow} (func (export "get") (result funcref) (ref.func $g)))`,
  ])
    assert.equal((await judged(text)).verdict, "found", text);
});

test("a call reaches functions of subtypes of its type", async () => {
  const { verdict } = await judged(`(module (memory 1)
    (type $any (sub (func (param (ref null struct))))) (type $own (sub $any (func (param anyref))))
    (table 1 funcref) (elem (i32.const 0) $g)
    (func $g (type $own) (drop (memory.grow (i32.const 1))))
    (func (export "f") (call_indirect (type $any) (ref.null struct) (i32.const 0))))`);
  assert.equal(verdict, "found");
});

const BUMP = `(global $top (mut i32) (i32.const 64))
  (func $a (param i32) (result i32) (local i32) (local.set 1 (global.get $top))
    (global.set $top (i32.add (global.get $top) (local.get 0))) (local.get 1))`;

/** Modules that nobody can judge, by the kind and the name of the reason. */
const doubtful: Readonly<Record<string, readonly [kind: string, name: string, text: string]>> = {
  "an allocator by its name": [
    "export",
    "malloc",
    `(module (memory 1) (func (export "malloc") (param i32) (result i32) (i32.const 64)))`,
  ],
  "an allocator under any name": ["export", "z", `(module (memory 1) ${BUMP} (export "z" (func $a)))`],
  "one that keeps its state in memory": [
    "export",
    "z",
    `(module (memory 1) (func (export "z") (param i32) (result i32) (local i32)
      (local.set 1 (i32.load (i32.const 0)))
      (i32.store (i32.const 0) (i32.add (local.get 1) (local.get 0))) (local.get 1)))`,
  ],
  "one behind calls and a table": [
    "export",
    "z",
    `(module (memory 1) (type $t (func (param i32) (result i32))) (table 1 funcref) (elem (i32.const 0) $a) ${BUMP}
      (func $b (param i32) (result i32) (call_indirect (type $t) (local.get 0) (i32.const 0)))
      (func (export "z") (param i32) (result i32) (call $b (local.get 0))))`,
  ],
  "one that answers an address and a length in an i64": [
    "export",
    "z",
    `(module (memory 1) ${BUMP} (func (export "z") (param i64) (result i64)
      (i64.extend_i32_u (call $a (i32.wrap_i64 (local.get 0))))))`,
  ],
  "one of a fixed size": [
    "export",
    "z",
    `(module (memory 1) ${BUMP} (func (export "z") (result i32) (call $a (i32.const 16))))`,
  ],
  "one that looks like the Component Model's": [
    "export",
    "a:b/c#d",
    `(module (memory 1) ${BUMP} (export "a:b/c#d" (func $a)))`,
  ],
  "an import that answers a number": [
    "import",
    "a b",
    `(module (import "a" "b" (func $i (param i32) (result i32))) (memory (export "memory") 1)
      (func (export "f") (drop (call $i (i32.const 1)))))`,
  ],
  "a call through a table that the host can fill": [
    "call",
    "f",
    `(module (memory 1) (type $v (func)) (table (export "t") 1 funcref)
      (func $f (export "f") (call_indirect (type $v) (i32.const 0))))`,
  ],
  "a call of a reference that the host hands in": [
    "call",
    "f",
    `(module (memory 1) (type $v (func))
      (func $f (export "f") (param (ref null $v)) (call_ref $v (local.get 0))))`,
  ],
  "an exception": ["exception", "f", `(module (tag $e) (func $f (export "f") (throw $e)))`],
};
for (const [what, [kind, name, text]] of Object.entries(doubtful)) {
  test(`${what}: unknown, with the reason`, async () => {
    const { verdict, reasons, evidence } = await judged(text);
    assert.equal(verdict, "unknown");
    assert.ok(
      reasons.some((reason) => reason.kind === kind && reason.name === name && reason.why.length > 10),
      JSON.stringify(reasons),
    );
    assert.ok(evidence.length > 0);
  });
}

/** Modules that cannot allocate. */
const proven: Readonly<Record<string, string>> = {
  "a function that keeps no state": `(module (memory 1)
    (func (export "f") (param i32) (result i32) (i32.load (local.get 0))))`,
  "one that keeps state and answers nothing": `(module (memory 1)
    (func (export "f") (param i32) (i32.store (i32.const 0) (local.get 0))))`,
  "one that keeps state and answers a float": `(module (memory 1) (global $g (mut i32) (i32.const 0))
    (func (export "f") (result f64) (global.set $g (i32.const 1)) (f64.const 1)))`,
  "an import of WASI's first preview": `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start") (drop (call $w (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))`,
  "an import that answers nothing": `(module (import "env" "log" (func $i (param i32)))
    (func (export "f") (call $i (i32.const 1))))`,
  "a call through a table of its own": `(module (type $v (func)) (table 1 funcref) (elem (i32.const 0) $g) (func $g)
    (func (export "f") (call_indirect (type $v) (i32.const 0))))`,
  "no memory to hand out": `(module (global $g (mut i32) (i32.const 0))
    (func (export "next") (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)))`,
};
for (const [what, text] of Object.entries(proven)) {
  test(`${what}: proven, with the evidence`, async () => {
    const { verdict, evidence, reasons } = await judged(text);
    assert.equal(verdict, "proven", JSON.stringify(reasons));
    assert.ok(evidence.some((line) => line.startsWith("no memory.grow, no table.grow and no GC")));
    assert.ok(evidence.some((line) => line.startsWith("no memory is handed in")));
  });
}

test("every form says unknown and why, and none is green", () => {
  const path = file("any-name.wasm", wat(`(module (memory 1) ${BUMP} (export "z" (func $a)))`));
  const text = rill("report", path).stdout;
  assert.match(text, /^ {2}allocation unknown: 1 export may hand out memory$/m);
  assert.match(text, /export {2}z .*may hand out memory/);
  assert.match(rill("report", path, "--markdown").stdout, /\| export \| `z` \| .*may hand out memory/);
});

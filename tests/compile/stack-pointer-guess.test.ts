/** Which globals WAMR takes for a stack pointer: mutable ones that start at an address up to its heap. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { proveGuest } from "../../tools/compile/prove.js";

const HEAP_BASE = 144;

function guessed(global: string): string[] {
  const text = `(module (global $end i32 (i32.const ${HEAP_BASE})) (global $own ${global})
    (export "__heap_base" (global $end)) (export "__data_end" (global $end)))`;
  const violations = proveGuest(text, { knowsImport: () => true, needsRealloc: false });
  assert.ok(violations.every(({ rule, where }) => rule === "stack-pointer-guess" && where === "global own"));
  return violations.map(({ rule }) => rule);
}

for (const global of [
  "(mut i32) (i32.const 1)",
  `(mut i32) (i32.const ${HEAP_BASE})`,
  "(mut i32) (global.get $end)",
])
  test(`refused: ${global}`, () => {
    assert.equal(guessed(global).length, 1);
  });

for (const global of [
  "(mut i32) (i32.const 0)",
  `(mut i32) (i32.const ${HEAP_BASE + 1})`,
  "(mut i32) (i32.const -1)",
  "(mut i64) (i64.const 1)",
  "i32 (i32.const 1)",
])
  test(`not refused: ${global}`, () => {
    assert.deepEqual(guessed(global), []);
  });

/** Values that are pending on the stack while something changes what they read, or while a trap is due. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { type Order, programOf, translate } from "./translated-modules.js";

/** Bodies of functions of an i32, which is 0, to an i32; what they give, or why they trap. */
const cases: readonly (readonly [what: string, body: string, wanted: bigint | string])[] = [
  ["a load before a store", "(i32.load (i32.const 8)) (i32.store (i32.const 8) (i32.const 5))", 7n],
  [
    "a load before memory.fill",
    "(i32.load (i32.const 8)) (memory.fill (i32.const 8) (i32.const 1) (i32.const 4))",
    7n,
  ],
  ["a load before a call that stores", "(i32.load (i32.const 8)) (call $store)", 7n],
  ["a global before it is set", "(global.get $g) (global.set $g (i32.const 5))", 3n],
  ["a global before a call that sets it", "(global.get $g) (call $set)", 3n],
  ["a local before it is set", "(local.get 0) (local.set 0 (i32.const 5))", 0n],
  ["a local before it is teed", "(local.get 0) (i32.add (local.tee 0 (i32.const 5)))", 5n],
  [
    "a local before one branch sets it",
    "(local.get 0) (if (i32.const 1) (then (local.set 0 (i32.const 5))))",
    0n,
  ],
  ["a load before one branch stores", "(i32.load (i32.const 8)) (if (i32.const 1) (then (call $store)))", 7n],
  [
    "a load before a branch that is not taken would store",
    "(i32.load (i32.const 8)) (if (local.get 0) (then (call $store)))",
    7n,
  ],
  [
    "a trap before a branch past it",
    "(block (i32.div_u (i32.const 1) (local.get 0)) (br 0) (drop)) (i32.const 1)",
    "integer divide by zero",
  ],
  [
    "a trap that is dropped",
    "(drop (i32.load (i32.sub (local.get 0) (i32.const 1)))) (i32.const 1)",
    "out of bounds memory access",
  ],
  [
    "the first of two traps",
    "(i32.add (i32.div_u (i32.const 1) (local.get 0)) (i32.load (i32.const 65536)))",
    "integer divide by zero",
  ],
  [
    "a stored value's trap before the address's",
    "(i32.store (i32.sub (local.get 0) (i32.const 1)) (i32.div_u (i32.const 1) (local.get 0))) (i32.const 1)",
    "integer divide by zero",
  ],
  [
    "both sides of select",
    "(select (i32.const 1) (i32.div_u (i32.const 1) (local.get 0)) (i32.const 1))",
    "integer divide by zero",
  ],
  [
    "what a loop carries",
    "(i32.const 1) (i32.const 2) (loop $l (param i32 i32) (result i32 i32) (local.set 0 (i32.add (local.get 0) (i32.const 1))) (call $swap) (br_if $l (i32.lt_u (local.get 0) (i32.const 3)))) (drop)",
    2n,
  ],
];
/** A trap that is due comes before what follows it changes anything: asked of the memory afterwards. */
const LATE = "(i32.div_u (i32.const 1) (local.get 0)) (i32.store (i32.const 8) (i32.const 5))";

const text = `(module (memory 1) (global $g (mut i32) (i32.const 3)) (data (i32.const 8) "\\07")
  (func $store (i32.store (i32.const 8) (i32.const 5)))
  (func $set (global.set $g (i32.const 5)))
  (func $swap (param i32 i32) (result i32 i32) (local.get 1) (local.get 0))
  ${cases.map(([, body], i) => `(func (export "${i}") (param i32) (result i32) ${body})`).join("\n  ")}
  (func (export "late") (param i32) (result i32) ${LATE})
  (func (export "word") (param i32) (result i32) (i32.load (i32.const 8))))`;

test("values that are pending, as WebAssembly orders them", async () => {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const folder = mkdtempSync(join(tmpdir(), "rill-native-order-"));
  const [wat, wasm] = [join(folder, "order.wat"), join(folder, "order.wasm")];
  writeFileSync(wat, text);
  const { code, output } = await run(tool.path, ["parse", wat, "-o", wasm]);
  assert.equal(code, 0, output);
  const translation = translate(readFileSync(wasm), 0);
  rmSync(folder, { recursive: true });
  const ask = await programOf([translation], { sanitized: true });
  const call = (name: string): Order => ({ module: 0, call: translation.exports.indexOf(name), cells: [0n] });
  const orders = cases.flatMap((_, i): Order[] => [{ module: 0 }, call(String(i))]);
  const outcomes = ask([...orders, { module: 0 }, call("late"), call("word")]);
  for (const [i, [what, , wanted]] of cases.entries())
    assert.deepEqual(
      outcomes[2 * i + 1],
      typeof wanted === "bigint" ? { cells: [wanted] } : { trap: wanted },
      what,
    );
  assert.deepEqual(outcomes.slice(-2), [{ trap: "integer divide by zero" }, { cells: [7n] }]);
});

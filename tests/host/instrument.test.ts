import assert from "node:assert/strict";
import { test } from "node:test";
import { allocationCount, withAllocationCounter } from "../../tools/instrument/count-allocations.js";
import { instructionCount, withInstructionCounter } from "../../tools/instrument/count-instructions.js";
import { readModule } from "../../tools/wasm/read-module.js";
import { compileWat } from "./wat-guest.js";

/**
 * A module with recursion, a loop, a `br_table`, an `if` without `else`, `nop`, `drop`, `return` and an empty
 * function: its export `run` goes through all of them as often as it is told. As bytes, because the counts
 * below are those of exactly these instructions.
 */
const program = Buffer.from(
  "AGFzbQEAAAABCQJgAX8Bf2AAAAMFBAAAAQAHBwEDcnVuAAMKfAQcACAAQQJJBH8gAAUgAEEBaxAAIABBAmsQAGoLCxsAAkACQAJAIAAOAgABAgtBBQ8LAUEDGgtBCQsCAAs+AQJ/AkADQCABIABPDQEgAiABQQRwEAFqIQIgAUEBcQRAEAILIAIgAUEHcBAAaiECIAFBAWohAQwACwsgAgsAIwRuYW1lAREDAANmaWIBAnN3AgVlbXB0eQMJAQMCAAFlAQFs",
  "base64",
);

/**
 * Fuel that Wasmtime 50 (PyPI package `wasmtime` 50.0.1, `consume_fuel`) takes for `run(n)`, and the result.
 */
const fuel = [
  { n: 0, result: 0, instructions: 6 },
  { n: 1, result: 5, instructions: 43 },
  { n: 2, result: 15, instructions: 83 },
  { n: 10, result: 100, instructions: 929 },
  { n: 57, result: 613, instructions: 6345 },
];

for (const { n, result, instructions } of fuel) {
  test(`run(${n}) executes ${instructions} instructions, as Wasmtime's fuel says`, () => {
    const { bytes } = withInstructionCounter(program);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    assert.equal((exports["run"] as (n: number) => number)(n), result);
    assert.equal(instructionCount(exports), instructions);
  });
}

test("a run of more instructions than a byte of LEB128 holds counts in full", () => {
  for (const length of [63, 64, 127, 128, 9000]) {
    const body = "(drop (i32.const 1))".repeat(length);
    const { bytes } = withInstructionCounter(compileWat(`(module (func (export "run") ${body}))`));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    (exports["run"] as () => void)();
    assert.equal(instructionCount(exports), length + 1);
  }
});

test("each byte of an instrumented module knows where it stood", () => {
  const { bytes, originalOffset } = withInstructionCounter(program);
  const [before, after] = [readModule(program), readModule(bytes)];
  after.code.forEach((entry, i) => {
    assert.equal(originalOffset(entry.body.end - 1), before.code[i]!.body.end - 1);
    assert.equal(originalOffset(entry.code - 1), before.code[i]!.code - 1);
  });
  assert.equal(originalOffset(0), 0);
});

test("custom sections, names among them, stay as they are", () => {
  const after = readModule(withInstructionCounter(program).bytes);
  assert.deepEqual(after.names.functions, readModule(program).names.functions);
});

test("a module without memory.grow and allocator is left as it is", () => {
  assert.equal(withAllocationCounter(program), null);
});

test("a memory.grow and a call of an allocator count one each", () => {
  const bytes = compileWat(`(module
    (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
    (func (export "grow") (drop (memory.grow (i32.const 1)))))`);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(withAllocationCounter(bytes)!.bytes));
  assert.equal(allocationCount(exports), 0);
  (exports["grow"] as () => void)();
  assert.equal(allocationCount(exports), 1);
  (exports["cabi_realloc"] as (...args: number[]) => number)(0, 0, 1, 8);
  (exports["grow"] as () => void)();
  assert.equal(allocationCount(exports), 3);
});

test("what stands behind a tail call is not executed, and counts nothing", () => {
  const bytes = compileWat(`(module
    (func $one (result i32) (i32.const 1))
    (func (export "run") (result i32) (if (i32.const 1) (then (return_call $one))) (i32.const 7)))`);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(withInstructionCounter(bytes).bytes));
  assert.equal((exports["run"] as () => number)(), 1);
  assert.equal(instructionCount(exports), 6, "two entries, a constant, if, the call, a constant");
});

test("dead code right behind a tail call or a throw's relatives counts nothing", () => {
  // (func $one (result i32) i32.const 1)  (func (export "run") (result i32) return_call $one  i32.const 1)
  const bytes = Buffer.from(
    "0061736d010000000105016000017f030302000007070103" + "72756e00010a0d0204004101" + "0b060012004101" + "0b",
    "hex",
  );
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(withInstructionCounter(bytes).bytes));
  assert.equal((exports["run"] as () => number)(), 1);
  assert.equal(instructionCount(exports), 4, "two entries, the call, a constant");
});

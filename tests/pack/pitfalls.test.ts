/** Modules that are no fit for a board's interpreter: `rill pack` refuses each, and says why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CheckFailure } from "../../tools/errors/user-error.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import type { CoreModule } from "../../tools/wasm/core-module.js";
import { readModule } from "../../tools/wasm/read-module.js";
import { handMadeCore, memoryBounds } from "../boards/guests.js";

/** Number of the section. */
const DATA_COUNT = 12;

function packedModule({ minified }: { readonly minified: { readonly bytes: Uint8Array } }): CoreModule {
  return readModule(minified.bytes);
}

async function refused(body: string, message: RegExp, bounds?: string): Promise<void> {
  const bytes = await handMadeCore(body, 64, bounds);
  await assert.rejects(packBytes("sample", bytes), (error: unknown) => {
    assert.ok(error instanceof CheckFailure, String(error));
    assert.match(error.message, message);
    return true;
  });
}

test("a module that none of this concerns is packed", async () => {
  assert.ok((await packBytes("sample", await handMadeCore("(i32.const 0)"))).image.length > 48);
});

test("memory.grow and memory.size keep the memory at whole pages", async () => {
  await refused("(memory.grow (i32.const 1))", /uses memory\.grow, .*65,536/);
  await refused("(memory.size)", /uses memory\.size, .*65,536/);
});

test("bounds that change, or are missing, do so too", async () => {
  await refused("(i32.const 0)", /no constant i32 global __heap_base/, "");
  await refused("(i32.const 0)", /no constant i32 global __heap_base/, memoryBounds(64, "(mut i32)"));
  const one = '(global $end i32 (i32.const 64)) (export "__heap_base" (global $end))';
  await refused("(i32.const 0)", /no constant i32 global __data_end/, one);
});

test("data that ends so near the heap's base that the interpreter, rounding it up, finds no room", async () => {
  const both = (end: number): string => `(global $end i32 (i32.const ${end}))
    (export "__heap_base" (global $end)) (export "__data_end" (global $end))`;
  await refused("(i32.const 0)", /__heap_base, 72, is below its __data_end, 72, rounded up/, both(72));
  assert.ok((await packBytes("sample", await handMadeCore("(i32.const 0)", 80, both(80)))).image.length > 48);
});

test("a global that the interpreter takes for a stack pointer", async () => {
  const count = (start: number): string => `(global $n (mut i32) (i32.const ${start})) ${memoryBounds(64)}`;
  const body = "(global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)";
  await refused(body, /global 0, which starts at 1, for a stack pointer/, count(1));
  await refused(body, /for a stack pointer/, count(64));
  for (const harmless of [0, 65, -1])
    assert.ok((await packBytes("sample", await handMadeCore(body, 64, count(harmless)))).image.length > 48);
});

const foreign: readonly (readonly [string, RegExp])[] = [
  ["(memory.fill (i32.const 0) (i32.const 1) (i32.const 8)) (i32.const 0)", /uses memory\.fill, which/],
  ["(memory.copy (i32.const 0) (i32.const 1) (i32.const 8)) (i32.const 0)", /uses memory\.copy, which/],
  ["(drop (i32x4.splat (i32.const 1))) (i32.const 0)", /uses SIMD, which/],
  ["(drop (i32.atomic.load (i32.const 0))) (i32.const 0)", /uses atomics, which/],
  ["(return_call $run (local.get $in))", /uses return_call, which/],
];
for (const [body, message] of foreign) {
  test(`an instruction that the boards' interpreter is built without: ${body.slice(0, 30)}`, async () => {
    await refused(body, message);
  });
}

test("the instructions beyond the first version that it does have", async () => {
  const body = "(i32.add (i32.extend8_s (local.get $in)) (i32.trunc_sat_f32_s (f32.const 1.5)))";
  assert.ok((await packBytes("sample", await handMadeCore(body))).image.length > 48);
});

const DATA = '(data (i32.const 16) "abcd")';
const READS_DATA = "(i32.load (i32.const 16))";

test("a section that counts the data, which the interpreter does not know: it is left out", async () => {
  const whole = await handMadeCore(READS_DATA, 64, `${DATA} ${memoryBounds(64)}`);
  assert.ok(readModule(whole).sections.some(({ id }) => id === DATA_COUNT));
  const packed = packedModule(await packBytes("sample", whole));
  assert.ok(packed.sections.every(({ id }) => id !== DATA_COUNT));
  assert.equal(packed.data.length, 1);
});

test("exports that the interpreter would take for the guest's allocator: they are left out", async () => {
  const names = ["malloc", "free", "__new", "__pin", "__unpin", "__retain"];
  const allocator = names.map((name) => `(func (export "${name}") (param i32) (result i32) (i32.const 0))`);
  const whole = await handMadeCore("(i32.const 0)", 64, `${allocator.join("")} ${memoryBounds(64)}`);
  const packed = packedModule(await packBytes("sample", whole));
  assert.deepEqual(packed.exports.map(({ name }) => name).sort(), ["__data_end", "__heap_base", "r"]);
});

test("an operand stack of 0, which the interpreter takes for its default of kilobytes, cannot be stated", async () => {
  await assert.rejects(
    packBytes("sample", await handMadeCore("(i32.const 0)"), { needs: { stack: 0 } }),
    /stack of 0/,
  );
});

test("a stack without bound has to be stated", async () => {
  await refused("(call $run (local.get $in))", /no bound in the binary \(recursion\)/);
});

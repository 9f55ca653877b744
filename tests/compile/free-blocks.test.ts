/** Where several tasks' free blocks are kept, and where the block of the one in progress is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { freeStack } from "../../tools/compile/callback/free-blocks.js";
import { keepTaskInLocals } from "../../tools/compile/callback/task-local.js";
import { rewrite } from "../../tools/compile/optimize.js";
import { printForm } from "../../tools/compile/passes/s-expression.js";

for (const { blocks, bias, global } of [
  { blocks: { address: 16, bytes: 64, tasks: 2 }, bias: 12, global: `i32.const ${(28 << 8) | 92}` },
  { blocks: { address: 16, bytes: 64, tasks: 2 }, bias: 48, global: `i32.const ${(64 << 16) | 128}` },
  {
    blocks: { address: 16, bytes: 16, tasks: 4 },
    bias: 0,
    global: `i32.const ${(16 << 24) | (32 << 16) | (48 << 8) | 64}`,
  },
  {
    blocks: { address: 16, bytes: 64, tasks: 3 },
    bias: 0,
    global: `i64.const ${(16n << 32n) | (80n << 16n) | 144n}`,
  },
  {
    blocks: { address: 16, bytes: 8192, tasks: 4 },
    bias: 0,
    global: `i64.const ${(16n << 48n) | (8208n << 32n) | (16400n << 16n) | 24592n}`,
  },
])
  test(`${blocks.tasks} blocks of ${blocks.bytes} bytes from ${blocks.address + bias} on: a stack that begins as ${global}`, () => {
    const free = freeStack(blocks, bias)!;
    assert.ok(
      free.globals.map(printForm).join("").includes(`(${global})`),
      free.globals.map(printForm).join(""),
    );
  });

for (const blocks of [
  { address: 16, bytes: 16, tasks: 9 },
  { address: 16, bytes: 64, tasks: 5 },
  { address: 16, bytes: 32_752, tasks: 2 },
])
  test(`no stack: ${blocks.tasks} blocks of ${blocks.bytes} bytes`, () => {
    assert.equal(freeStack(blocks, 0), null);
  });

const FINDS =
  "(func $finds (block (global.set $rill_task (call $get))) (call $note (global.get $rill_task)))";

test("the task's block is a local where every function finds it", () => {
  const text = rewrite(`(module (global $rill_task (mut i32) (i32.const 0)) ${FINDS})`, keepTaskInLocals);
  assert.doesNotMatch(text, /global/);
  assert.match(text, /\(local \$rill_task i32\)/);
});

const TAKES = "(block (global.set $rill_task (call $get)) (call $rill_context_set (global.get $rill_task)))";
const NOTES = "(call $note (global.get $rill_task))";

for (const { body, asked } of [
  { body: `${TAKES} ${NOTES} ${NOTES}`, asked: 2 },
  { body: `${TAKES} ${NOTES} ${NOTES} ${NOTES}`, asked: 0 },
  { body: `${TAKES} (loop $again ${NOTES})`, asked: 0 },
  {
    body: `(global.set $rill_task (call $get)) ${NOTES} (call $rill_context_set (global.get $rill_task))`,
    asked: 0,
  },
])
  test(`the host is asked ${asked} times for a block that it was told: ${body}`, () => {
    const text = rewrite(
      `(module (global $rill_task (mut i32) (i32.const 0)) (func $begins ${body}))`,
      keepTaskInLocals,
    );
    assert.equal(text.split("(call $rill_context_get)").length - 1, asked);
    assert.doesNotMatch(text, /global/);
  });

for (const other of [
  "(func $reads (call $note (global.get $rill_task)))",
  "(func $late (call $note (i32.const 1)) (global.set $rill_task (i32.const 2)))",
  "(func $maybe (if (i32.const 1) (then (global.set $rill_task (i32.const 2)))))",
  "(func $next (global.set $rill_task (i32.add (global.get $rill_task) (i32.const 64))))",
])
  test(`it stays a global: ${other}`, () => {
    const text = `(module (global $rill_task (mut i32) (i32.const 0)) ${FINDS} ${other})`;
    assert.equal(rewrite(text, keepTaskInLocals), text);
  });

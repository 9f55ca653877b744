/** `rill run` on functions whose parameters and results are values, futures, or a stream out of nothing. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { planRun, type RunFlags } from "../../tools/run/run-plan.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import type { RunFacts } from "../../tools/run/run-facts.js";
import { embedWorld } from "../../tools/wit/component.js";
import { compileWat } from "../host/wat-guest.js";

const wit = `package t:t;
interface i {
  record point { x: u16, y: option<s8> }
  add: func(a: u32, b: s16) -> u64;
  echo: func(text: string) -> string;
  swap: func(p: point) -> point;
  count: async func() -> stream<u32>;
  later: async func(x: future<u32>) -> future<u32>;
  nest: func(x: stream<stream<u8>>);
}
world w { export i; }
`;

const wat = `(module
  (import "[export]t:t/i" "[task-return]count" (func $return_count (param i32)))
  (import "[export]t:t/i" "[stream-new-0]count" (func $new_stream (result i64)))
  (import "[export]t:t/i" "[stream-write-0]count" (func $write (param i32 i32 i32) (result i32)))
  (import "[export]t:t/i" "[stream-drop-writable-0]count" (func $drop (param i32)))
  (import "[export]t:t/i" "[task-return]later" (func $return_later (param i32)))
  (import "[export]t:t/i" "[future-new-1]later" (func $new_future (result i64)))
  (import "[export]t:t/i" "[future-read-0]later" (func $read_future (param i32 i32) (result i32)))
  (import "[export]t:t/i" "[future-write-1]later" (func $write_future (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $heap (mut i32) (i32.const 4096))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (global.set $heap (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.get $heap)
    (global.set $heap (i32.add (global.get $heap) (local.get 3))))
  (func (export "t:t/i#add") (param i32 i32) (result i64)
    (i64.add (i64.extend_i32_u (local.get 0)) (i64.extend_i32_s (local.get 1))))
  (func (export "t:t/i#echo") (param i32 i32) (result i32)
    (i32.store (i32.const 16) (local.get 0))
    (i32.store (i32.const 20) (local.get 1))
    (i32.const 16))
  (func (export "t:t/i#swap") (param i32 i32 i32) (result i32)
    (i32.store16 (i32.const 16) (local.get 2))
    (i32.store8 (i32.const 18) (i32.const 1))
    (i32.store8 (i32.const 19) (local.get 0))
    (i32.const 16))
  (func (export "t:t/i#nest") (param i32))
  (func (export "[async-lift]t:t/i#count") (result i32) (local $pair i64) (local $w i32)
    (local.set $pair (call $new_stream))
    (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $pair) (i64.const 32))))
    (call $return_count (i32.wrap_i64 (local.get $pair)))
    (loop $next
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (br_if $next (i32.eqz (i32.and (call $write (local.get $w) (i32.const 0) (i32.const 1)) (i32.const 1)))))
    (call $drop (local.get $w))
    (i32.const 0))
  (func (export "[callback][async-lift]t:t/i#count") (param i32 i32 i32) (result i32) (unreachable))
  (func (export "[async-lift]t:t/i#later") (param i32) (result i32) (local $pair i64)
    (local.set $pair (call $new_future))
    (call $return_later (i32.wrap_i64 (local.get $pair)))
    (drop (call $read_future (local.get 0) (i32.const 0)))
    (drop (call $write_future (i32.wrap_i64 (i64.shr_u (local.get $pair) (i64.const 32))) (i32.const 0)))
    (i32.const 0))
  (func (export "[callback][async-lift]t:t/i#later") (param i32 i32 i32) (result i32) (unreachable)))`;

const folder = mkdtempSync(join(tmpdir(), "rill-values-"));
const core = join(folder, "values.core.wasm");
before(async () => {
  const witPath = join(folder, "values.wit");
  writeFileSync(witPath, wit);
  writeFileSync(core, await embedWorld(compileWat(wat), witPath, "w"));
});
after(() => {
  rmSync(folder, { recursive: true });
});

function run(name: string, params: readonly string[], more: Partial<RunFlags> = {}): RunFacts {
  return runOnV8(planRun(core, { call: `t:t/i#${name}`, in: params, host: "v8", json: true, ...more }));
}

test("numbers in, a number out", () => {
  assert.equal(run("add", ["a=5", "b=-7"]).result, "18446744073709551614");
  assert.equal(run("add", ["a=5", "b=7"]).result, 12);
});

test("text as it is, as JSON, and from a file; the allocator's calls are counted", () => {
  assert.equal(run("echo", ['text=h\u00e9 "you"']).result, 'h\u00e9 "you"');
  assert.equal(run("echo", ['text="a\\nb"']).result, "a\nb");
  const path = join(folder, "text.json");
  writeFileSync(path, '"from a file"');
  const facts = run("echo", [`text=@${path}`]);
  assert.equal(facts.result, "from a file");
  assert.equal(facts.allocations, 1);
});

test("a record as JSON", () => {
  assert.deepEqual(run("swap", ['p={"x":3,"y":9}']).result, { x: 9, y: 3 });
});

test("a stream out of nothing ends after --limit items", () => {
  const out = join(folder, "count.csv");
  const facts = run("count", [], { limit: 5, out });
  assert.deepEqual([facts.items_in, facts.items_out, facts.trap], [0, 5, null]);
  assert.equal(readFileSync(out, "utf8"), "value\n1\n2\n3\n4\n5\n");
});

test("a future in and a future out", () => {
  assert.equal(run("later", ["x=42"]).result, 42);
});

for (const [what, name, params, message] of [
  ["a value that does not fit", "add", ["a=-1", "b=0"], /--in a=-1: -1 is not a valid u32/],
  ["a value that is missing", "add", ["a=1"], /the parameter b has no value; give --in b=VALUE/],
  ["a field that is missing", "swap", ['p={"x":1}'], /the field "y" is missing/],
  [
    "a file that is not there",
    "echo",
    ["text=@none.json"],
    /none\.json: cannot be read as JSON: no such file/,
  ],
  ["streams inside a stream", "nest", ["x=a.jsonl"], /parameter x holds a stream, which a file cannot/],
] as const) {
  test(`${what} is a message`, () => {
    assert.throws(() => run(name, params), { name: "UserError", message });
  });
}

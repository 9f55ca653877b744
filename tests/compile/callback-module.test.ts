/** The strategy `callback` on modules written by hand: what host and task see, and the stack. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { unwind } from "../../tools/compile/callback/asyncify.js";
import type { CallbackModule } from "../../tools/compile/callback/callback-module.js";
import { withModule } from "../../tools/compile/optimize.js";
import { UserError } from "../../tools/errors/user-error.js";

const RUN = "my:test/i@0.1.0#run";
const exportNames = [`[async-lift]${RUN}`, `[callback][async-lift]${RUN}`, "sync", "memory"].map(
  (canonical) => ({ internal: canonical, canonical }),
);

const WAIT = '(import "$root" "[waitable-set-wait]" (func $wait (param i32 i32) (result i32)))';
const YIELD = '(import "$root" "[thread-yield]" (func $yield (result i32)))';
/** Where the events go, and where static memory ends. */
const [EVENT, USED] = [16, 64];

/** A module whose task has a u32 and a u64 parameter, and whose function `sync` answers a u32. */
function moduleOf(imports: string, task: string, sync: string, more = ""): string {
  return `(module
(type $step (func (param i32) (result i32)))
(import "host" "note" (func $note (param i32)))
${imports}
(memory $memory 1)
(global $linear_memory_used i32 (i32.const ${USED}))
(export "memory" (memory $memory))
(export "__heap_base" (global $linear_memory_used))
(export "[async-lift]${RUN}" (func $run))
(export "[callback][async-lift]${RUN}" (func $called))
(export "sync" (func $sync))
${more}
(func $called (param i32) (param i32) (param i32) (result i32) (unreachable))
(func $run (param $a i32) (param $b i64) (result i32) ${task} (i32.const 0))
(func $sync (result i32) ${sync}))`;
}

/** A function that waits with the set that it is given, and notes the event. */
const event = (name: string, more = ""): string => `(func ${name} (param $set i32) (result i32)
  (local $code i32)
  (local.set $code (call $wait (local.get $set) (i32.const ${EVENT})))
  (call $note (i32.load (i32.const ${EVENT})))
  (call $note (i32.load offset=4 (i32.const ${EVENT})))
  ${more}
  (local.get $code))`;

type Exports = Readonly<Record<string, (...args: unknown[]) => number>>;

/** What happens when the host runs the task `tasks` times, and calls `sync` while it waits and afterwards. */
function played({ text, stack }: CallbackModule, tasks: number): readonly (string | number)[] {
  const told: (string | number)[] = [];
  const binary = withModule(text, (module) => module.emitBinary()) as Uint8Array<ArrayBuffer>;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), {
    host: { note: (value: number) => told.push(value) },
    $root: {
      "[backpressure-inc]": () => told.push("inc"),
      "[backpressure-dec]": () => told.push("dec"),
    },
  });
  const names = Object.keys(exports).sort();
  assert.deepEqual(names, [
    `[async-lift]${RUN}`,
    `[callback][async-lift]${RUN}`,
    "__heap_base",
    "memory",
    "sync",
  ]);
  const { memory, __heap_base: used } = exports as {
    readonly memory: WebAssembly.Memory;
    readonly __heap_base: WebAssembly.Global;
  };
  const functions = exports as unknown as Exports;
  const bytes = new Uint8Array(memory.buffer).fill(0xa5);
  const { address, bytes: byteLength } = stack!;
  bytes.fill(0, address, address + 8);
  told.push(`sync ${functions["sync"]!()}`);
  for (let task = 0; task < tasks; task++) {
    let answer = functions[`[async-lift]${RUN}`]!(11 + task, 300n);
    for (let step = 1; answer !== 0 && step < 10; step++) {
      told.push(`answers ${answer}, sync ${functions["sync"]!()}`);
      answer = functions[`[callback][async-lift]${RUN}`]!(40 + step, 50 + step, 60 + step);
    }
    told.push(`answers ${answer}, sync ${functions["sync"]!()}`);
  }
  const isLeft = (from: number, to: number): boolean =>
    bytes.subarray(from, to).every((byte) => byte === 0xa5);
  assert.ok(isLeft(0, EVENT) && isLeft(EVENT + 8, address), "memory in front of the stack is left alone");
  assert.ok(isLeft(address + byteLength, bytes.length), "and memory behind it");
  const head = new Uint32Array(memory.buffer, address, 2);
  assert.deepEqual([...head], [address + 8, address + byteLength], "it is empty, and ends where it says");
  const waited = told.some((what) => /^answers [^0]/.test(String(what)));
  if (waited) assert.ok(!isLeft(address + byteLength - 1, address + byteLength), "its last byte is needed");
  assert.equal(used.value, Math.ceil((address + byteLength) / 16) * 16);
  return told;
}

test("a task that only waits", () => {
  const called = unwind(
    moduleOf(WAIT, "(call $note (call $event (i32.const 1)))", "(i32.const 9)", event("$event")),
    exportNames,
  );
  assert.ok(!called.text.includes("rill_in_task"), "nobody asks whether a task runs");
  assert.deepEqual(played(called, 2), [
    "sync 9",
    ...["inc", "answers 18, sync 9", 51, 61, 41, "dec", "answers 0, sync 9"],
    ...["inc", "answers 18, sync 9", 51, 61, 41, "dec", "answers 0, sync 9"],
  ]);
});

test("a task that only pauses", () => {
  const called = unwind(
    moduleOf(YIELD, "(call $note (call $yield)) (call $note (local.get $a))", "(call $yield)"),
    exportNames,
  );
  assert.deepEqual(played(called, 1), [
    "sync 0",
    "inc",
    "answers 1, sync 0",
    41,
    11,
    "dec",
    "answers 0, sync 0",
  ]);
});

test("a task that never waits, in a module in which another one does", () => {
  const called = unwind(
    moduleOf(
      WAIT,
      `(if (local.get $a) (then (return (i32.const 0)))) (drop (call $event (i32.const 1)))`,
      "(i32.const 9)",
      event("$event"),
    ),
    exportNames,
  );
  assert.deepEqual(played(called, 1), ["sync 9", "inc", "dec", "answers 0, sync 9"]);
});

test("a task that waits and pauses, below calls, unwinds and goes on where it was; so does the next one", () => {
  const called = unwind(
    moduleOf(
      WAIT + YIELD,
      `(call $note (local.get $a))
       (call $note (call $event (i32.const 5)))
       (call $note (i32.add (local.get $a) (i32.wrap_i64 (local.get $b))))
       (call $note (call $yield))
       (call $note (call $event (i32.const 6)))
       (call $note (local.get $a))`,
      "(i32.add (call $yield) (i32.const 7))",
      event("$event"),
    ),
    exportNames,
  );
  assert.deepEqual(called.stack, {
    name: "callback-strategy/stack",
    address: USED,
    bytes: called.stack!.bytes,
  });
  const task = (a: number): (string | number)[] => [
    ...["inc", a, "answers 82, sync 7"],
    ...[51, 61, 41, a + 300, "answers 1, sync 7"],
    // A pause has no event: what stood in its place still does.
    ...[42, "answers 98, sync 7"],
    ...[53, 63, 43, a, "dec", "answers 0, sync 7"],
  ];
  assert.deepEqual(played(called, 2), ["sync 7", ...task(11), ...task(12)]);
  for (const name of ["lift", "callback"])
    assert.match(
      called.text,
      new RegExp(
        String.raw`\(func \$"?~lib/as-rill/callback-strategy/${name}\|_async-lift_my_test_i_0_1_0_run`,
      ),
    );
});

test("the stack has room for the deepest chain of calls, through references too", () => {
  const locals = "(local $x i64) (local $y i64)";
  const deep = event("$deep");
  const chain = (name: string, to: string): string => `(func ${name} (param $set i32) (result i32) ${locals}
    (local.set $x (i64.extend_i32_u (local.get $set))) (local.set $y (i64.mul (local.get $x) (local.get $x)))
    (call $note (call ${to} (local.get $set))) (i32.wrap_i64 (i64.add (local.get $x) (local.get $y))))`;
  const idle = "(func $idle (param $set i32) (result i32) (call $note (local.get $set)) (i32.const 3))";
  const functions = `${deep} ${event("$other")} ${idle} ${chain("$outer", "$inner")} ${chain("$inner", "$deep")}`;
  const body = (call: string): string =>
    `(call $note (call $other (i32.const 2))) (call $note ${call}) (call $note (call $other (i32.const 4)))`;
  const direct = unwind(
    moduleOf(WAIT, body("(call $outer (i32.const 3))"), "(i32.const 9)", functions),
    exportNames,
  );
  const indirect = unwind(
    moduleOf(
      WAIT,
      body("(call_indirect $table (type $step) (i32.const 3) (i32.const 2))"),
      "(i32.const 9)",
      `(table $table 3 funcref) (elem $elements (table $table) (i32.const 0) func $idle $other $outer) ${functions}`,
    ),
    exportNames,
  );
  const told = [
    "sync 9",
    ...["inc", "answers 34, sync 9", 51, 61, 41, "answers 50, sync 9"],
    ...[52, 62, 42, 12, 12, "answers 66, sync 9", 53, 63, 43, "dec", "answers 0, sync 9"],
  ];
  assert.deepEqual(played(direct, 1), told);
  assert.deepEqual(played(indirect, 1), told);
  assert.equal(indirect.stack!.bytes, direct.stack!.bytes);
});

test("one that calls itself and never waits is no circle; what the task stores itself needs no stack", () => {
  const called = unwind(
    moduleOf(
      WAIT,
      `(call $note (call $fact (i32.const 5)))
       (i32.store (global.get $place) (i32.sub (local.get $a) (i32.const 3000)))
       (i32.store (i32.sub (local.get $a) (i32.const 3000)) (i32.sub (local.get $a) (i32.const 3000)))
       (i32.store (local.get $a) (local.get $a))
       (call $note (call $event (i32.const 1)))`,
      "(i32.const 9)",
      `${event("$event")} (global $place (mut i32) (i32.const ${EVENT}))
       (func $fact (param $n i32) (result i32)
         (if (i32.le_u (local.get $n) (i32.const 1)) (then (return (i32.const 1))))
         (i32.mul (local.get $n) (call $fact (i32.sub (local.get $n) (i32.const 1)))))`,
    ),
    exportNames,
  );
  assert.ok(called.stack!.bytes < 100);
});

test("a module that never waits is left as it is", () => {
  const text = moduleOf("", "(call $note (i32.const 1))", "(i32.const 9)");
  assert.deepEqual(unwind(text, exportNames), { text, stack: null });
});

test("one that waits and calls itself is refused", () => {
  const text = moduleOf(
    WAIT,
    "(call $note (call $again (i32.const 1)))",
    "(i32.const 9)",
    event("$again", "(if (i32.load (i32.const 40)) (then (drop (call $again (i32.const 2)))))"),
  );
  assert.throws(
    () => unwind(text, exportNames),
    (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.equal(
        error.message,
        "again waits and calls itself, perhaps through others: no stack of a fixed size can hold that; " +
          "build with --wait wait, or write it as a loop",
      );
      return true;
    },
  );
});

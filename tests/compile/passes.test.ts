import assert from "node:assert/strict";
import { test } from "node:test";
import { biasGlobals } from "../../tools/compile/passes/bias-globals.js";
import { branchOut } from "../../tools/compile/passes/branch-out.js";
import { dropClassLoads } from "../../tools/compile/passes/drop-class-loads.js";
import { dropLoads } from "../../tools/compile/passes/drop-loads.js";
import { type LentArguments, promoteFrame } from "../../tools/compile/passes/promote-frame.js";
import { type Form, parseForm, printForm } from "../../tools/compile/passes/s-expression.js";
import { settleFlags } from "../../tools/compile/passes/settle-flags.js";
import { threadConditions } from "../../tools/compile/passes/thread-conditions.js";

const lentArguments: LentArguments = (module) =>
  module === "opaque"
    ? null
    : [{ pointer: 1, byteLength: (constants) => (constants[2] ?? null) && constants[2]! * 4 }];

/** A module with one host function `$read` and the given function bodies. */
function moduleOf(...functions: string[]): Form {
  return parseForm(
    `(module (import "host" "read" (func $read (param i32 i32 i32) (result i32))) (memory 1) ${functions.join(" ")})`,
  );
}

function promoted(module: Form): number[] {
  return promoteFrame(module, lentArguments);
}

function compact(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

test("text survives a round trip, with strings, escapes, quoted names and source positions", () => {
  const text = `(module
    ;;@ a.ts:1:2
    (func $"odd name(" (export "a\\"b") (drop (i32.const 1))) (; gone ;) ;; gone too
    (data (i32.const 8) "\\00\\ff)"))`;
  const printed = printForm(parseForm(text));
  assert.equal(
    compact(printed),
    '(module ;;@ a.ts:1:2 (func $"odd name(" (export "a\\"b") (drop (i32.const 1))) (data (i32.const 8) "\\00\\ff)"))',
  );
});

test("a flag of the library that is set anywhere is set everywhere, and a flag of nobody's stays", () => {
  const flag = "$~lib/as-rill/assembly/operation/overlapping";
  const other = "$~lib/as-rill/assembly/operation/other";
  const text = (name: string): string =>
    `(module (global ${name} (mut i32) (i32.const 0)) (func $f (result i32) (global.get ${name})) (func $g (global.set ${name} (i32.const 1))))`;
  const settled = (name: string): string => {
    const module = parseForm(text(name));
    settleFlags(module);
    return compact(printForm(module));
  };
  assert.match(settled(flag), /\(func \$f \(result i32\) \(i32.const 1\)\) \(func \$g \(nop\)\)/);
  assert.equal(settled(other), compact(printForm(parseForm(text(other)))));
  const never = text(flag).replace(/\(func \$g .*\)\)\)/, ")");
  const untouched = parseForm(never);
  settleFlags(untouched);
  assert.equal(compact(printForm(untouched)), compact(printForm(parseForm(never))));
});

test("a word stored before it is loaded becomes a local", () => {
  const module = moduleOf(
    `(func $f (result i32) (i32.store (i32.const 16) (i32.const 7)) (i32.load offset=16 (i32.const 0)))`,
  );
  assert.deepEqual(promoted(module), [16]);
  assert.match(
    compact(printForm(module)),
    /\(local \$word\|16 i32\) \(local.set \$word\|16 \(i32.const 7\)\) \(local.get \$word\|16\)/,
  );
});

const kept: Record<string, string[]> = {
  "a word that lives on from call to call": [`(func $f (result i32) (i32.load (i32.const 16)))`],
  "a word stored on one path only": [
    `(func $f (param i32) (result i32)
      (if (local.get 0) (then (i32.store (i32.const 16) (i32.const 1)))) (i32.load (i32.const 16)))`,
  ],
  "a word that a branch reaches unstored": [
    `(func $f (param i32) (result i32)
      (block $b (br_if $b (local.get 0)) (i32.store (i32.const 16) (i32.const 1))) (i32.load (i32.const 16)))`,
  ],
  "a word in a range lent to the host": [
    `(func $f (result i32) (i32.store (i32.const 16) (i32.const 1))
      (drop (call $read (i32.const 1) (i32.const 12) (i32.const 2))) (i32.load (i32.const 16)))`,
  ],
  "a word that a narrower access touches": [
    `(func $f (result i32) (i32.store (i32.const 16) (i32.const 1)) (i32.store8 (i32.const 18) (i32.const 1)) (i32.load (i32.const 16)))`,
  ],
  "a word that an overlapping wider access touches": [
    `(func $f (result i32) (i32.store (i32.const 16) (i32.const 1)) (i64.store (i32.const 12) (i64.const 1)) (i32.load (i32.const 16)))`,
  ],
  "a word that two functions use": [
    `(func $f (i32.store (i32.const 16) (i32.const 1)))`,
    `(func $g (result i32) (i32.store (i32.const 16) (i32.const 1)) (i32.load (i32.const 16)))`,
  ],
  "a word of a function that the module calls itself": [
    `(func $f (result i32) (i32.store (i32.const 16) (i32.const 1)) (i32.load (i32.const 16)))`,
    `(func $g (result i32) (call $f))`,
  ],
  "a word in a data segment": [
    `(func $f (result i32) (i32.store (i32.const 16) (i32.const 1)) (i32.load (i32.const 16)))`,
    `(data (i32.const 12) "\\01\\02\\03\\04\\05")`,
  ],
  "every word, when one address is computed": [
    `(func $f (param i32) (result i32) (i32.store (i32.const 16) (i32.const 1)) (i32.store8 (local.get 0) (i32.const 1)) (i32.load (i32.const 16)))`,
  ],
  "every word, when a lent address is computed": [
    `(func $f (param i32) (result i32) (i32.store (i32.const 16) (i32.const 1))
      (drop (call $read (i32.const 1) (local.get 0) (i32.const 1))) (i32.load (i32.const 16)))`,
  ],
};
for (const [what, functions] of Object.entries(kept)) {
  test(`in memory stays ${what}`, () => {
    const module = moduleOf(...functions);
    const before = printForm(module);
    assert.deepEqual(promoted(module), []);
    assert.equal(printForm(module), before);
  });
}

test("in memory stays every word, when an import's pointers are not known", () => {
  const module = parseForm(`(module (import "opaque" "f" (func $g)) (memory 1)
    (func $f (result i32) (i32.store (i32.const 16) (i32.const 1)) (call $g) (i32.load (i32.const 16))))`);
  assert.deepEqual(promoted(module), []);
});

test("a loop may load what was stored before it", () => {
  const module = moduleOf(
    `(func $f (i32.store (i32.const 16) (i32.const 9))
      (loop $l (i32.store (i32.const 16) (i32.sub (i32.load (i32.const 16)) (i32.const 1))) (br_if $l (i32.load (i32.const 16)))))`,
  );
  assert.deepEqual(promoted(module), [16]);
});

test("a condition with an early false jumps past what it guards", () => {
  const module = moduleOf(
    `(func $f (param i32 i32) (if (block $b (result i32) (drop (br_if $b (i32.const 0) (local.get 0))) (local.get 1)) (then (nop))))`,
  );
  threadConditions(module);
  assert.match(
    compact(printForm(module)),
    /\(block \$b \(br_if \$b \(local.get 0\)\) \(br_if \$b \(i32.eqz \(local.get 1\)\)\) \(nop\)\)/,
  );
});

test("a condition with an early true jumps to what it guards", () => {
  const module = moduleOf(
    `(func $f (param i32 i32) (if (block $b (result i32) (drop (br_if $b (i32.const 1) (local.get 0))) (local.get 1)) (then (nop))))`,
  );
  threadConditions(module);
  assert.match(
    compact(printForm(module)),
    /\(block \$b \(block \$threaded\|0 \(br_if \$threaded\|0 \(local.get 0\)\) \(br_if \$b \(i32.eqz \(local.get 1\)\)\)\) \(nop\)\)/,
  );
});

test("a branch on a condition with an early false goes on to the loop alone", () => {
  const module = moduleOf(
    `(func $f (param i32 i32) (loop $l (br_if $l (block $b (result i32) (drop (br_if $b (i32.const 0) (local.get 0))) (local.get 1)))))`,
  );
  threadConditions(module);
  assert.match(
    compact(printForm(module)),
    /\(loop \$l \(block \$b \(br_if \$b \(local.get 0\)\) \(br_if \$l \(local.get 1\)\)\)\)/,
  );
});

test("a global that starts at another value than 0 is stored biased", () => {
  const module = moduleOf(
    `(global $n (mut i32) (i32.const 5)) (func $f (global.set $n (i32.add (global.get $n) (i32.const 1))))`,
  );
  biasGlobals(module);
  const text = compact(printForm(module));
  assert.match(text, /\(global \$n \(mut i32\) \(i32.const 0\)\)/);
  assert.match(
    text,
    /\(global.set \$n \(i32.xor \(i32.add \(i32.xor \(global.get \$n\) \(i32.const 5\)\) \(i32.const 1\)\) \(i32.const 5\)\)\)/,
  );
});

test("inside a loop a negated if becomes a branch out", () => {
  const module = moduleOf(`(func $f (param i32) (loop $l (if (i32.eqz (local.get 0)) (then (br $l)))))`);
  branchOut(module);
  assert.match(
    compact(printForm(module)),
    /\(loop \$l \(block \$out\|0 \(br_if \$out\|0 \(local.get 0\)\) \(br \$l\)\)\)/,
  );
});

test("a second run's labels are none of the first one's, which its blocks would catch", () => {
  const module = moduleOf(
    "(func $f (param i32) (loop $l (if (i32.eqz (local.get 0)) (then (if (local.get 0) (then (br $l)))))))",
  );
  branchOut(module);
  const again = parseForm(printForm(module).replace("(if (local.get 0)", "(if (i32.eqz (local.get 0))"));
  branchOut(again);
  assert.match(
    compact(printForm(again)),
    /\(block \$out\|0 \(br_if \$out\|0 \(local.get 0\)\) \(block \$out\|1 \(br_if \$out\|1 /,
  );
});

test("a load whose value nobody uses goes when its whole address is static data", () => {
  const module = parseForm(`(module (memory 1) (global $linear_memory_used i32 (i32.const 64))
    (func $f (drop (i32.load offset=8 (i32.const 40))) (drop (i32.load8_u (i32.const 0)))))`);
  dropLoads(module);
  assert.match(compact(printForm(module)), /\(func \$f \(nop\) \(nop\)\)/);
});

for (const load of [
  "(i32.load offset=9 (i32.const 40))",
  "(i32.load (i32.const 65))",
  "(i32.load (i32.const -4))",
  "(i32.load (local.get 0))",
  "(call $g)",
]) {
  test(`kept, because it may trap or do more: (drop ${load})`, () => {
    const module = parseForm(
      `(module (global $linear_memory_used i32 (i32.const 64)) (func $f (param i32) (drop ${load})))`,
    );
    const before = printForm(module);
    dropLoads(module);
    assert.equal(printForm(module), before);
  });
}

test("an object's class is not looked at where nothing depends on it, and nothing else is taken away", () => {
  const look = "(drop (i32.load (i32.sub (local.get $0) (i32.const 8))))";
  const module = moduleOf(
    `(func $"reader#next@override" (param $0 i32) ${look} (drop (call $read (i32.load (local.get $0)) (i32.const 0) (i32.const 1))))`,
    `(func $next (param $0 i32) ${look})`,
  );
  dropClassLoads(module);
  const text = compact(printForm(module));
  assert.match(text, /\$"reader#next@override" \(param \$0 i32\) \(nop\) \(drop \(call \$read \(i32.load/);
  assert.match(text, /\$next \(param \$0 i32\) \(drop \(i32.load/);
});

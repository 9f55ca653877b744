/** What each pass of the build makes of small modules: what it changes, and what it must leave alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { biasGlobals } from "../../tools/compile/passes/bias-globals.js";
import { branchOut } from "../../tools/compile/passes/branch-out.js";
import { assignment } from "../../tools/compile/passes/definite-assignment.js";
import { dropClassLoads } from "../../tools/compile/passes/drop-class-loads.js";
import { dropLoads } from "../../tools/compile/passes/drop-loads.js";
import { settleOwnSets } from "../../tools/compile/passes/own-sets.js";
import { promoteFrame } from "../../tools/compile/passes/promote-frame.js";
import {
  addLocals,
  type Form,
  headOf,
  parseForm,
  printForm,
} from "../../tools/compile/passes/s-expression.js";
import { settleLoneTasks } from "../../tools/compile/passes/lone-tasks.js";
import { settleFlags } from "../../tools/compile/passes/settle-flags.js";
import { threadConditions } from "../../tools/compile/passes/thread-conditions.js";

function compact(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** `after` is null where the pass has to leave everything as it is. */
function cases(
  pass: (module: Form) => void,
  table: Readonly<Record<string, readonly [before: string, after: string | null]>>,
): void {
  for (const [name, [before, after]] of Object.entries(table))
    test(`${pass.name}: ${name}`, () => {
      const module = parseForm(`(module ${before})`);
      pass(module);
      assert.equal(compact(printForm(module)), `(module ${compact(after ?? before)})`);
    });
}

cases(biasGlobals, {
  "an immutable global stays": ["(global $n i32 (i32.const 5)) (func (drop (global.get $n)))", null],
  "one of another type stays": ["(global $n (mut i64) (i64.const 5)) (func (drop (global.get $n)))", null],
  "one of another type stays, whatever its value is made of": [
    "(global $n (mut f32) (i32.const 5)) (func (drop (global.get $n)))",
    null,
  ],
  "one that starts at 0 stays": ["(global $n (mut i32) (i32.const 0)) (func (drop (global.get $n)))", null],
  "one that starts as another stays": [
    "(global $n (mut i32) (global.get $m)) (func (drop (global.get $n)))",
    null,
  ],
  "others of the same name stay, and other globals": [
    "(global $n (mut i32) (i32.const 5)) (global $m (mut i32) (i32.const 0)) (func $n (call $n) (global.set $m (global.get $m)))",
    "(global $n (mut i32) (i32.const 0)) (global $m (mut i32) (i32.const 0)) (func $n (call $n) (global.set $m (global.get $m)))",
  ],
  "what is no global stays": ["(table $n (mut i32) (i32.const 5)) (func (drop (global.get $n)))", null],
});

cases(branchOut, {
  "outside of loops an if stays": ["(func (if (i32.eqz (local.get 0)) (then (nop))))", null],
  "an if with else stays": ["(func (loop (if (i32.eqz (c)) (then (nop)) (else (nop)))))", null],
  "a condition that is not negated stays": ["(func (loop (if (c) (then (nop)))))", null],
  "an if with a result stays": ["(func (loop (if (result i32) (i32.eqz (c)) (then (i32.const 1)))))", null],
  "what only looks like an if stays": [
    "(func (loop (select $x (i32.eqz (c)) (then (nop))) (when (i32.eqz (c)) (then (nop))) (if (i32.eqz (c)) (nop))))",
    null,
  ],
  "a loop in a loop once, all statements in their order": [
    "(func (loop $a (loop $b (if (i32.eqz (c)) (then (x) (br $b) (y))))))",
    "(func (loop $a (loop $b (block $out|0 (br_if $out|0 (c)) (x) (br $b) (y)))))",
  ],
  "labels beyond those that are there, of that prefix alone": [
    "(func (block $out|9 (block $out|10 (nop))) (block $outer|70 (nop)) (br $out|80) (loop (if (i32.eqz (c)) (then (x))) (if (i32.eqz (d)) (then (y)))))",
    "(func (block $out|9 (block $out|10 (nop))) (block $outer|70 (nop)) (br $out|80) (loop (block $out|11 (br_if $out|11 (c)) (x)) (block $out|12 (br_if $out|12 (d)) (y))))",
  ],
  "a block without a label has none": [
    "(func (block (loop (if (i32.eqz (c)) (then (x))))))",
    "(func (block (loop (block $out|0 (br_if $out|0 (c)) (x)))))",
  ],
});

const override = '(func $"a#next@override"';
cases(dropClassLoads, {
  "a look that is used stays": [`${override} (return (i32.load (local.get $0))))`, null],
  "another load that is dropped stays": [`${override} (drop (i64.load (local.get $0))))`, null],
  "a name without quotes": [
    "(func $next@override (drop (i32.load (local.get $0))))",
    "(func $next@override (nop))",
  ],
  "what is no function stays": ["(export $next@override (drop (i32.load (local.get $0))))", null],
});

const used = "(global $linear_memory_used i32 (i32.const 64))";
cases(dropLoads, {
  "a load that is used stays": [`${used} (func (call $f (i32.eqz (i32.load (i32.const 8)))))`, null],
  "a call stays": [`${used} (func (drop (call $f (i32.const 8))))`, null],
  "a value without a form stays": [`${used} (func (drop i32.const 8))`, null],
  "a load that is waited for stays": [`${used} (func (drop (i32.atomic.load (i32.const 8))))`, null],
  "the last byte is the widest load's": [
    `${used} (func (drop (f64.load (i32.const 48))) (drop (i64.load32_s (i32.const 49))))`,
    `${used} (func (nop) (drop (i64.load32_s (i32.const 49))))`,
  ],
  "the end is that global's and no other's": [
    `(global $other i32 (i32.const 900)) ${used} (func (drop (i32.load (i32.const 80))))`,
    null,
  ],
  "the end is a global's": [
    `(func $linear_memory_used i32 (i32.const 900)) ${used} (func (drop (i32.load (i32.const 80))))`,
    null,
  ],
  "an end that is no constant is no end": [
    "(global $linear_memory_used i32 (global.get $m)) (func (drop (i32.load (i32.const 0))))",
    null,
  ],
  "a module that does not say its end has none": ["(func (drop (i32.load (i32.const 0))))", null],
  "outside of functions nothing is a load": [`${used} (data (drop (i32.load (i32.const 8))))`, null],
});

const flag = "$~lib/as-rill/assembly/operation/dropping";
cases(settleFlags, {
  "another value stays, and the flag with it": [
    `(func (global.set ${flag} (i32.const 0)) (drop (global.get ${flag})))`,
    null,
  ],
  "a value that is no constant stays, and the flag with it": [
    `(func (global.set ${flag} (local.get 1)) (drop (global.get ${flag})))`,
    null,
  ],
  "other uses of the name stay": [
    `(func (global.set ${flag} (i32.const 1)) (call ${flag} (i32.const 1)) (global.set ${flag} (i32.const 0)))`,
    `(func (nop) (call ${flag} (i32.const 1)) (global.set ${flag} (i32.const 0)))`,
  ],
  "a set without a name stays": ["(func (global.set (i32.const 1) (i32.const 1)))", null],
  "outside of functions nothing asks": [
    `(func (global.set ${flag} (i32.const 1))) (global $g i32 (global.get ${flag}))`,
    `(func (nop)) (global $g i32 (global.get ${flag}))`,
  ],
});

const apart = "$~lib/as-rill/assembly/task/subtask/apart";
cases(settleOwnSets, {
  "it is 0 where nobody sets it": [`(func (drop (global.get ${apart})))`, "(func (drop (i32.const 0)))"],
  "it is 1 where somebody sets it": [
    `(func (drop (global.get ${apart}))) (func (global.set ${apart} (i32.const 1)))`,
    "(func (drop (i32.const 1))) (func (nop))",
  ],
  "other globals stay, and other uses of the name": [
    `(func (global.set ${apart}s (i32.const 1)) (drop (global.get ${apart}s)) (call ${apart}))`,
    null,
  ],
  "a call of that name sets nothing": [
    `(func (call ${apart}) (drop (global.get ${apart})))`,
    `(func (call ${apart}) (drop (i32.const 0)))`,
  ],
  "outside of functions nothing asks": [`(global $g i32 (global.get ${apart})) (func (nop))`, null],
});

const entered = "$~lib/as-rill/assembly/task/waiting/entered";
const asks = `(func $f (drop (global.get ${entered})))`;
const asksNobody = "(func $f (drop (i32.const 0)))";
const ofTasks =
  '(export "[async-lift]a:b/i#f" (func $f)) (export "[callback][async-lift]a:b/i#f" (func $f)) (export "memory" (memory $0)) (export "__heap_base" (global $g))';
cases(settleLoneTasks, {
  "tasks alone: nobody enters": [`${ofTasks} ${asks}`, `${ofTasks} ${asksNobody}`],
  "what allocates while a task waits uses nothing that is waited for": [
    `${ofTasks} (export "cabi_realloc" (func $f)) ${asks}`,
    `${ofTasks} (export "cabi_realloc" (func $f)) ${asksNobody}`,
  ],
  "a function that is not async enters": [`${ofTasks} (export "a:b/i#g" (func $f)) ${asks}`, null],
  "what ends a resource enters": [`(export "a:b/i#[dtor]r" (func $f)) ${ofTasks} ${asks}`, null],
  "other globals stay, and other uses of the name": [
    `${ofTasks} (func (drop (global.get $other)) (global.set ${entered} (i32.const 1)))`,
    null,
  ],
  "outside of functions nothing asks": [`${ofTasks} (global $h i32 (global.get ${entered}))`, null],
});

const early = "(drop (br_if $b (i32.const 0) (c)))";
cases(threadConditions, {
  "statements stay in their order": [
    `(func (if (block $b (result i32) (x) ${early} (y) (d)) (then (p) (q))))`,
    "(func (block $b (x) (br_if $b (c)) (y) (br_if $b (i32.eqz (d))) (p) (q)))",
  ],
  "an early false deep inside of a statement": [
    `(func (if (block $b (result i32) (if (c) (then (x) (br $b (i32.const 0)))) (if (e) (then ${early})) (d)) (then (p))))`,
    "(func (block $b (if (c) (then (x) (br $b))) (if (e) (then (br_if $b (c)))) (br_if $b (i32.eqz (d))) (p)))",
  ],
  "branches to others keep their values": [
    `(func (if (block $b (result i32) (br $a (i32.const 0)) (drop (br_if $a (i32.const 0) (c))) (d)) (then (p))))`,
    `(func (block $b (br $a (i32.const 0)) (drop (br_if $a (i32.const 0) (c))) (br_if $b (i32.eqz (d))) (p)))`,
  ],
  "an early value of another kind": [
    "(func (if (block $b (result i32) (br $b (local.get 0)) (d)) (then (p))))",
    null,
  ],
  "an early true": [
    "(func (if (block $b (result i32) (x) (drop (br_if $b (i32.const 1) (c))) (y) (d)) (then (p) (q))))",
    "(func (block $b (block $threaded|0 (x) (br_if $threaded|0 (c)) (y) (br_if $b (i32.eqz (d)))) (p) (q)))",
  ],
  "an early true by a plain branch, beside an early false": [
    `(func (if (block $b (result i32) ${early} (if (e) (then (br $b (i32.const 1)))) (d)) (then (p))))`,
    "(func (block $b (block $threaded|0 (br_if $b (c)) (if (e) (then (br $threaded|0))) (br_if $b (i32.eqz (d)))) (p)))",
  ],
  "an early true jumps where what is guarded would": [
    `(func (br_if $l (block $b (result i32) ${early} (drop (br_if $b (i32.const 1) (e))) (d))))`,
    "(func (block $b (br_if $b (c)) (br_if $l (e)) (br_if $l (d))))",
  ],
  "an early value of another kind, on a condition": [
    "(func (if (block $b (result i32) (drop (br_if $b (local.get 0) (c))) (d)) (then (p))))",
    null,
  ],
  "neither true nor false": [
    "(func (if (block $b (result i32) (br $b (i32.const 2)) (d)) (then (p))))",
    null,
  ],
  "a branch of many ways": [
    "(func (if (block $b (result i32) (br_table $b $b (i32.const 0) (c)) (d)) (then (p))))",
    null,
  ],
  "an early false whose value somebody looks at": [
    "(func (if (block $b (result i32) (call $f (br_if $b (i32.const 0) (c))) (d)) (then (p))))",
    null,
  ],
  "an early false that is looked at by one instruction": [
    "(func (if (block $b (result i32) (i32.eqz (br_if $b (i32.const 0) (c))) (d)) (then (p))))",
    null,
  ],
  "a branch of many ways whose value nobody looks at": [
    "(func (if (block $b (result i32) (drop (br_table $b (i32.const 0))) (d)) (then (p))))",
    null,
  ],
  "a plain branch that is dropped": [
    "(func (if (block $b (result i32) (drop (br $b (i32.const 0))) (d)) (then (p))))",
    "(func (block $b (drop (br $b)) (br_if $b (i32.eqz (d))) (p)))",
  ],
  "an if with else": ["(func (if (block $b (result i32) (d)) (then (p)) (else (q))))", null],
  "a block without a label": ["(func (if (block (result i32) (c) (d)) (then (p))))", null],
  "a block without a result": ["(func (if (block $b (c) (d)) (then (p))))", null],
  "a result of another type": ["(func (if (block $b (result i64) (c) (d)) (then (p))))", null],
  "a loop is no block": ["(func (if (loop $b (result i32) (c) (d)) (then (p))))", null],
  "a condition that is no block": ["(func (if (c) (then (p))) (br_if $l (c)))", null],
  "what only looks like an if": [
    "(func (select (block $b (result i32) (d)) (then (p))) (if (block $b (result i32) (d)) (p)))",
    null,
  ],
  "outside of functions nothing is an if": ["(data (if (block $b (result i32) (d)) (then (p))))", null],
  "a branch with a value": ["(func (br_if $l (i32.const 3) (block $b (result i32) (d))))", null],
  "a branch whose value is such a block": ["(func (br_if $l (block $b (result i32) (d)) (c)))", null],
  "a branch on what is no block with a value": ["(func (br_if $l (block $b (c) (d))))", null],
  "what only looks like a branch": ["(func (call $l (block $b (result i32) (d))))", null],
  "a lone jump becomes conditional": [
    "(func (if (block $b (result i32) (x) (d)) (then (br $l))))",
    "(func (block $b (x) (br_if $l (d))))",
  ],
  "a jump with a value does not": [
    "(func (if (block $b (result i32) (x) (d)) (then (br $l (i32.const 4)))))",
    "(func (block $b (x) (br_if $b (i32.eqz (d))) (br $l (i32.const 4))))",
  ],
  "nor one among others": [
    "(func (if (block $b (result i32) (x) (d)) (then (br $l) (nop))) (if (block $c (result i32) (x) (d)) (then (y) (br $l))))",
    "(func (block $b (x) (br_if $b (i32.eqz (d))) (br $l) (nop)) (block $c (x) (br_if $c (i32.eqz (d))) (y) (br $l)))",
  ],
  "nor another single form of two words": [
    "(func (if (block $b (result i32) (x) (d)) (then (call $l))))",
    "(func (block $b (x) (br_if $b (i32.eqz (d))) (call $l)))",
  ],
  "nothing behind the condition": [
    "(func (if (block $b (result i32) (x) (d)) (then)))",
    "(func (block $b (x) (br_if $b (i32.eqz (d)))))",
  ],
  "an if in the condition of an if": [
    "(func (if (if (result i32) (c) (then (i32.const 0)) (else (x) (d))) (then (p) (q))))",
    "(func (block $threaded|0 (br_if $threaded|0 (c)) (x) (if (d) (then (p) (q)))))",
  ],
  "and a block in that one": [
    "(func (block $threaded|4 (nop)) (if (if (result i32) (c) (then (i32.const 0)) (else (if (result i32) (e) (then (i32.const 0)) (else (block $b (result i32) (x) (d)))))) (then (p))))",
    "(func (block $threaded|4 (nop)) (block $threaded|5 (br_if $threaded|5 (c)) (block $threaded|6 (br_if $threaded|6 (e)) (block $b (x) (br_if $b (i32.eqz (d))) (p)))))",
  ],
  "an if that is true early": [
    "(func (if (if (result i32) (c) (then (i32.const 1)) (else (d))) (then (p))))",
    null,
  ],
  "an if that does something before it is false": [
    "(func (if (if (result i32) (c) (then (x) (i32.const 0)) (else (d))) (then (p))))",
    null,
  ],
  "an if that goes elsewhere when it is false": [
    "(func (if (if (result i32) (c) (then (i32.const 0) (br $l)) (else (d))) (then (p))))",
    null,
  ],
  "an if of nothing else": ["(func (if (if (result i32) (c) (then (i32.const 0)) (else)) (then (p))))", null],
  "an if without else": ["(func (if (if (result i32) (c) (then (i32.const 0))) (then (p))))", null],
  "an if without a result": ["(func (if (if (c) (then (i32.const 0)) (else (d))) (then (p))))", null],
  "an if whose parts are others": [
    "(func (if (if (result i32) (c) (when (i32.const 0)) (else (d))) (then (p))) (if (if (result i32) (c) (then (i32.const 0)) (when (d))) (then (p))) (if (if (result i32) c (then (i32.const 0)) (else (d))) (then (p))) (if (if (type i32) (c) (then (i32.const 0)) (else (d))) (then (p))))",
    null,
  ],
});

/** `(S)` stores, `(L)` loads. */
const paths: Readonly<Record<string, readonly [body: string, loadedEarly: boolean, always: boolean]>> = {
  "stored, then loaded": ["(S) (L)", false, true],
  "loaded, then stored": ["(L) (S)", true, true],
  neither: ["(x)", false, false],
  "stored by the condition": ["(if (S) (then (L)))", false, true],
  "stored on both sides": ["(if (c) (then (S)) (else (S))) (L)", false, true],
  "stored on one side": ["(if (c) (then (x)) (else (S))) (L)", true, false],
  "stored on the other": ["(if (c) (then (S)) (else (x))) (L)", true, false],
  "loaded by the other side": ["(if (result i32) (c) (then (S)) (else (L)))", true, false],
  "an if with a result, stored on both sides": ["(if (result i32) (c) (then (S)) (else (S)))", false, true],
  "stored by a loop, which is entered": ["(loop $l (S) (br_if $l (c))) (L)", false, true],
  "a block that is left before": ["(block $b (br $b) (S)) (L)", true, false],
  "a block that is left behind it": ["(block $b (S) (br $b) (L)) (L)", false, true],
  "a block that may be left before": ["(block $b (br_if $b (c)) (S)) (L)", true, false],
  "a block that may be left behind it": ["(block $b (S) (br_if $b (c)) (L))", false, true],
  "loaded where it may have been left": ["(block $b (br_if $b (c)) (L))", true, false],
  "stored by what the branch carries": ["(block $b (br $b (S))) (L)", false, true],
  "left from two places, stored before one": [
    "(block $b (br_if $b (c)) (S) (br_if $b (c)) (unreachable)) (L)",
    true,
    false,
  ],
  "left from two places, stored before both": [
    "(block $b (if (c) (then (S) (br $b))) (S) (br $b)) (L)",
    false,
    true,
  ],
  "an outer block that is left before": ["(block $a (block $b (br $a)) (S)) (L)", true, false],
  "many ways out": ["(block $a (block $b (br_table $a $b (c))) (S)) (L)", true, false],
  "many ways out behind it": ["(block $a (block $b (br_table $a $b (S))) (L))", false, true],
  "nothing behind many ways": ["(block $a (S) (block $b (br_table $a $a (c))) (S)) (L)", false, true],
  "nothing goes on behind many ways": ["(br_table 0 1 (c)) (L)", false, true],
  "a block without a label": ["(block (S)) (L)", false, true],
  "a block without a label that is the same form": ["(block (block (x)) (S)) (L)", false, true],
  "given back before": ["(if (c) (then (return))) (S)", false, false],
  "given back behind it": ["(if (c) (then (S) (return))) (S)", false, true],
  "given back twice, once before": [
    "(if (c) (then (return))) (if (d) (then (S) (return))) (S)",
    false,
    false,
  ],
  "given back twice, once behind": ["(S) (if (c) (then (return))) (return)", false, true],
  "what is given back stores": ["(return (S))", false, true],
  "what is given back loads": ["(return (L))", true, false],
  "nothing goes on behind it": ["(S) (return) (L)", false, true],
  "nothing goes on, so nothing is loaded": ["(return) (L)", false, false],
  "never reached": ["(if (c) (then (unreachable)) (else (S))) (L)", false, true],
  "never reached on the other side": ["(if (c) (then (S)) (else (unreachable))) (L)", false, true],
  "never comes back": ["(loop $l (br $l))", false, true],
};
for (const [name, [body, loadedEarly, always]] of Object.entries(paths))
  test(`definite assignment: ${name}`, () => {
    const is =
      (head: string) =>
      (form: Form): boolean =>
        headOf(form) === head;
    assert.deepEqual(assignment(parseForm(`(func $f ${body})`), is("S"), is("L")), { loadedEarly, always });
  });

const LENDS = `(import "host" "read" (func $read (param i32 i32 i32) (result i32)))`;
const word = (address: number): string =>
  `(i32.store (i32.const ${address}) (i32.const 7)) (drop (i32.load (i32.const ${address})))`;
const frames: Readonly<Record<string, readonly [body: string, promoted: readonly number[]]>> = {
  "words, ascending, below and above one hundred": [
    `(func $f ${word(104)} ${word(12)} ${word(16)})`,
    [12, 16, 104],
  ],
  "beside what is lent": [
    `(func $f ${[8, 12, 16, 20].map(word).join(" ")} (drop (call $read (i32.const 1) (i32.const 12) (i32.const 2))))`,
    [8, 20],
  ],
  "what is lent may lie anywhere": [
    `(func $f ${[8, 12].map(word).join(" ")} (drop (call $read (i32.const 1) (i32.const 10) (i32.const 1))))`,
    [],
  ],
  "a lent length that is computed": [
    `(func $f ${word(40)} (drop (call $read (i32.const 1) (i32.const 12) (local.get 0))))`,
    [],
  ],
  "a lent pointer that is not there": [`(func $f ${word(40)} (drop (call $read)))`, []],
  "calls of the module's own lend nothing": [
    `(func $f ${word(12)} (call $g (local.get 0) (local.get 0))) (func $g (param i32 i32))`,
    [12],
  ],
  "beside a wider access": [
    `(func $f ${[8, 12, 16, 20].map(word).join(" ")} (i64.store (i32.const 12) (i64.const 1)))`,
    [8, 20],
  ],
  "beside a double": [
    `(func $f ${[8, 12, 16, 20].map(word).join(" ")} (f64.store (i32.const 12) (f64.const 1)))`,
    [8, 20],
  ],
  "beside a float": [
    `(func $f ${[8, 12, 16].map(word).join(" ")} (f32.store (i32.const 12) (f32.const 1)))`,
    [8, 16],
  ],
  "beside one that lies across": [
    `(func $f ${[8, 12, 16].map(word).join(" ")} (i32.store (i32.const 10) (i32.const 1)))`,
    [16],
  ],
  "beside bytes": [
    `(func $f ${[8, 12, 16].map(word).join(" ")} (i32.store8 (i32.const 11) (i32.const 1)) (i32.store16 (i32.const 16) (i32.const 1)))`,
    [12],
  ],
  "beside half a word that lies across": [
    `(func $f ${[8, 12, 16].map(word).join(" ")} (i32.store16 (i32.const 15) (i32.const 1)))`,
    [8],
  ],
  "beside a narrow access of a wide value": [
    `(func $f ${[8, 12, 16].map(word).join(" ")} (i64.store32 (i32.const 12) (i64.const 1)))`,
    [8, 16],
  ],
  "an access that is no whole word": ["(func $f (f32.store (i32.const 16) (f32.const 1)))", []],
  "only loads of a byte": [`(func $f (i32.store8 (i32.const 16) (i32.const 7)))`, []],
  "beside data": [`(func $f ${[8, 12, 16, 20].map(word).join(" ")}) (data (i32.const 12) "abcdef")`, [8, 20]],
  "data that takes its place when the guest says": [`(func $f ${word(12)}) (data "abc")`, []],
  "data of several texts": [`(func $f ${word(20)} ${word(24)}) (data (i32.const 12) "abcd" "efgh")`, [24]],
  "data that has a name": [`(func $f ${word(20)}) (data $name|of|it (i32.const 12) "abcd")`, [20]],
  "memory that is copied": [
    `(func $f ${word(12)} (memory.copy (i32.const 0) (i32.const 4) (i32.const 4)))`,
    [],
  ],
  "memory that is filled": [
    `(func $f ${word(12)} (memory.fill (i32.const 0) (i32.const 4) (i32.const 4)))`,
    [],
  ],
  "wide instructions": [`(func $f ${word(12)} (v128.store (i32.const 0) (local.get 0)))`, []],
  "a call through a reference": [`(func $f ${word(12)} (call_indirect $t (i32.const 0)))`, []],
  "a function that the module goes on in": [`(func $f ${word(12)}) (func $g (return_call $f))`, []],
  "a function whose reference is taken": [`(func $f ${word(12)}) (func $g (drop (ref.func $f)))`, []],
  "the function that starts": [`(func $f ${word(12)}) (start $f)`, []],
  "a function in the table": [`(func $f ${word(12)}) (elem (i32.const 0) $f)`, []],
  "other functions in the table": [`(func $f ${word(12)}) (func $g) (elem (i32.const 0) $g)`, [12]],
  "accesses outside of functions": [
    `(func $f ${word(12)}) (data (i32.const 900) (i32.load (local.get 0)))`,
    [12],
  ],
  "imports that are no functions": [
    `(import "opaque" "memory" (memory $f 1)) (func $f ${word(12)} (call $g)) (func $g)`,
    [12],
  ],
};
for (const [name, [body, promoted]] of Object.entries(frames))
  test(`promoteFrame: ${name}`, () => {
    const module = parseForm(`(module ${LENDS} ${body})`);
    const addresses = promoteFrame(module, (from) =>
      from === "host"
        ? [{ pointer: 1, byteLength: (constants) => (constants[2] ?? null) && constants[2]! * 4 }]
        : null,
    );
    assert.deepEqual(addresses, promoted);
    const text = printForm(module);
    for (const address of promoted) {
      assert.ok(text.includes(`(local $word|${address} i32)`));
      assert.ok(!new RegExp(`\\(i32\\.(load|store) \\(i32\\.const ${address}\\)`).test(text));
    }
  });

test("an address that is a value is no access", () => {
  const module = parseForm(
    `(module (func $f (call $g (i32.const 12) (x)) ${word(12)} (i32.add (i32.const 12) (y))) (func $g))`,
  );
  assert.deepEqual(
    promoteFrame(module, () => []),
    [12],
  );
  assert.equal(
    compact(printForm(module)),
    "(module (func $f (local $word|12 i32) (call $g (i32.const 12) (x)) (local.set $word|12 (i32.const 7)) (drop (local.get $word|12)) (i32.add (i32.const 12) (y))) (func $g))",
  );
});

test("locals stand behind what a function declares, and in front of its body", () => {
  const local = parseForm("(local $new i32)");
  const added = (text: string): string => {
    const func = parseForm(text);
    addLocals(func, [local]);
    return compact(printForm(func));
  };
  assert.equal(
    added('(func $f (type $t) (export "f") (param i32) (result i32) (local $l i32) (x) (y))'),
    '(func $f (type $t) (export "f") (param i32) (result i32) (local $l i32) (local $new i32) (x) (y))',
  );
  assert.equal(added("(func $f (x))"), "(func $f (local $new i32) (x))");
  assert.equal(added("(func (x))"), "(func (local $new i32) (x))");
  assert.equal(added("(func $f (param i32))"), "(func $f (param i32) (local $new i32))");
  assert.equal(added("(func)"), "(func (local $new i32))");
});

test("a position is of the form behind it alone, and of none where no form follows", () => {
  const module = parseForm("(module\n;;@ a.ts:1:1\n(f (g)\n;;@ a.ts:2:2\n) (h))");
  const text = printForm(module);
  assert.equal(compact(text), "(module ;;@ a.ts:1:1 (f (g)) (h))");
  const [f] = module.items.slice(1) as Form[];
  assert.deepEqual(f, { items: ["f", { items: ["g"] }], position: " a.ts:1:1" });
});

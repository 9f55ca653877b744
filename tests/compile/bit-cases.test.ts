/** What is known of bits and addresses: which tests are 0, and which words of memory nothing else reaches. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { possibleBits } from "../../tools/compile/passes/possible-bits.js";
import { type LentArgument, promoteFrame } from "../../tools/compile/passes/promote-frame.js";
import {
  type Form,
  headOf,
  parseForm,
  printForm,
  visitForms,
} from "../../tools/compile/passes/s-expression.js";
import { settleBits } from "../../tools/compile/passes/settle-bits.js";

const ANY = 0xffff_ffff;

/** What the operand of the one `drop` in a body may have set; undefined where it is not reached. */
function dropped(body: string): number | undefined {
  const func = parseForm(`(func $f (param $p i32) (local $a i32) (local $b i32) ${body})`);
  const bits = possibleBits(func);
  let found: number | undefined;
  visitForms(func, (form) => {
    if (headOf(form) === "drop") found = bits.get(form.items[1] as Form);
  });
  return found;
}

const a = "(drop (local.get $a))";
const set = (value: number | string): string =>
  `(local.set $a ${typeof value === "number" ? `(i32.const ${value})` : value})`;

const bits: Record<string, readonly [body: string, bits: number | undefined]> = {
  "a parameter": ["(drop (local.get $p))", ANY],
  "a local that nothing has set": [a, 0],
  "a constant": ["(drop (i32.const 12))", 12],
  "a negative constant": ["(drop (i32.const -1))", ANY],
  "what a mask leaves": ["(drop (i32.and (local.get $p) (i32.const 62)))", 62],
  "either of two": ["(drop (i32.or (i32.const 5) (i32.const 8)))", 13],
  "where they differ": ["(drop (i32.xor (i32.const 5) (i32.const 8)))", 13],
  "one of two": ["(drop (select (i32.const 5) (i32.const 8) (local.get $p)))", 13],
  "a sum": ["(drop (i32.add (i32.const 5) (i32.const 3)))", 15],
  "a sum of nothing": ["(drop (i32.add (i32.const 0) (i32.const 0)))", 0],
  "a sum that may overflow": ["(drop (i32.add (local.get $p) (i32.const 1)))", ANY],
  "a sum of 31 bits": ["(drop (i32.add (i32.const 0x7fffffff) (i32.const 1)))", ANY],
  "a product": ["(drop (i32.mul (i32.and (local.get $p) (i32.const 3)) (i32.const 12)))", 63],
  "a shift left": ["(drop (i32.shl (i32.and (local.get $p) (i32.const 15)) (i32.const 2)))", 60],
  "a shift left by what is computed": ["(drop (i32.shl (i32.const 1) (local.get $p)))", ANY],
  "a shift right": ["(drop (i32.shr_u (local.get $p) (i32.const 28)))", 15],
  "a shift right by what is computed": ["(drop (i32.shr_u (i32.const 1) (local.get $p)))", ANY],
  "a shift right that keeps the sign": ["(drop (i32.shr_s (local.get $p) (i32.const 28)))", ANY],
  "a difference": ["(drop (i32.sub (i32.const 5) (i32.const 4)))", ANY],
  "a byte": ["(drop (i32.load8_u (local.get $p)))", 255],
  "half a word": ["(drop (i32.load16_u (local.get $p)))", 65_535],
  "a byte with its sign": ["(drop (i32.load8_s (local.get $p)))", ANY],
  "a word": ["(drop (i32.load (local.get $p)))", ANY],
  "a comparison": ["(drop (i32.lt_s (local.get $p) (i32.const 3)))", 1],
  "whether it is 0": ["(drop (i64.eqz (local.get $p)))", 1],
  "a parameter that is set": ["(local.set $p (i32.const 4)) (drop (local.get $p))", 4],
  "a parameter that is set on one side": [
    `(if (local.get $a) (then (local.set $p (i32.const 4)))) (drop (local.get $p))`,
    ANY,
  ],
  "before it is set": [`${a} ${set(8)}`, 0],
  "in what is returned": [`(return (x ${a}))`, 0],
  "set to what never comes": [`(block $o ${set("(br $o)")} ${a})`, undefined],
  "what is set last": [`${set(4)} ${set(8)} ${a}`, 8],
  "what is set on the way": ["(drop (local.tee $a (i32.const 4)))", 4],
  "what was set on the way": [`(x (local.tee $a (i32.const 4))) ${a}`, 4],
  "set on one side": [`${set(4)} (if (local.get $p) (then ${set(8)})) ${a}`, 12],
  "set on the other": [`${set(4)} (if (local.get $p) (then (x)) (else ${set(8)})) ${a}`, 12],
  "set on both sides": [`${set(4)} (if (local.get $p) (then ${set(8)}) (else ${set(1)})) ${a}`, 9],
  "set where the way ends": [`${set(4)} (if (local.get $p) (then ${set(8)} (return))) ${a}`, 4],
  "set where it traps": [`${set(4)} (if (local.get $p) (then ${set(8)} (unreachable))) ${a}`, 4],
  "behind the end": [`(return) ${a}`, undefined],
  "behind a trap": [`(unreachable) ${a}`, undefined],
  "behind a jump": [`(block $o (br $o) ${a})`, undefined],
  "set before a block is left": [`(block $o ${set(4)} (br_if $o (local.get $p)) ${set(8)}) ${a}`, 12],
  "set before a block is left for good": [`(block $o ${set(4)} (br $o) ${set(8)}) ${a}`, 4],
  "set before a jump of many ways": [
    `(block $o (block $i ${set(4)} (br_table $i $o (local.get $p))) ${set(8)}) ${a}`,
    12,
  ],
  "a block that nothing leaves": [`(block $o ${set(4)}) ${a}`, 4],
  "set on both sides, with a value": [
    `(x (if (result i32) (local.get $p) (then ${set(8)} (i32.const 1)) (else ${set(1)} (i32.const 2)))) ${a}`,
    9,
  ],
  "behind a jump with a value": [`(x (block $o (result i32) (br $o (i32.const 1)) ${a}))`, undefined],
  "a block without a label": [`(block ${set(4)}) ${a}`, 4],
  "set by a loop": [`${set(4)} (loop $l ${a} ${set(8)} (br_if $l (local.get $p)))`, 12],
  "set by a loop in a loop": [
    `${set(4)} (loop $l (loop $m ${a} ${set(8)} (br_if $m (local.get $p))) ${set(1)} (br_if $l (local.get $p)))`,
    13,
  ],
  "a loop without a label": [`(loop ${set(4)}) ${a}`, 4],
  "a loop that nothing comes back to": [`${set(4)} (loop $l ${a} ${set(8)})`, 4],
  "behind a loop that nothing comes back to": [`${set(4)} (loop $l ${set(8)}) ${a}`, 8],
  "beside what a loop counts": [
    `${set(4)} (loop $l (local.set $b (i32.add (local.get $b) (i32.const 1))) (br_if $l (local.get $b))) ${a}`,
    4,
  ],
  "counted by a loop": [`(loop $l ${a} ${set("(i32.add (local.get $a) (i32.const 1))")} (br $l))`, ANY],
  "counted by a loop up to a limit": [
    `(loop $l (if (i32.lt_u (local.get $a) (i32.const 10)) (then ${a} ${set("(i32.add (local.get $a) (i32.const 1))")} (br $l))))`,
    15,
  ],
};
const holds = (condition: string, then: boolean): string =>
  `(local.set $a (local.get $p)) (if ${condition} (then ${then ? a : "(x)"}) (else ${then ? "(x)" : a}))`;
const x = "(local.get $a)";
const n = (value: number): string => `(i32.const ${value})`;
const asked: Readonly<Record<string, readonly [condition: string, then: number, otherwise: number]>> = {
  itself: [x, ANY, 0],
  "what it was set to": [`(local.tee $a ${x})`, ANY, 0],
  "whether it is 0": [`(i32.eqz ${x})`, 0, ANY],
  "whether it is not 0": [`(i32.eqz (i32.eqz ${x}))`, ANY, 0],
  equal: [`(i32.eq ${x} ${n(16)})`, 16, ANY],
  "equal, set on the way": [`(i32.eq (local.tee $a (local.get $p)) ${n(16)})`, 16, ANY],
  unequal: [`(i32.ne ${x} ${n(16)})`, ANY, 16],
  "one of its bits": [`(i32.and ${x} ${n(1)})`, ANY, 0xffff_fffe],
  below: [`(i32.lt_u ${x} ${n(9)})`, 15, ANY],
  "below a power of two": [`(i32.lt_u ${x} ${n(8)})`, 7, ANY],
  "below 0": [`(i32.lt_u ${x} ${n(0)})`, 0, ANY],
  "not below": [`(i32.ge_u ${x} ${n(9)})`, ANY, 15],
  "at most": [`(i32.le_u ${x} ${n(8)})`, 15, ANY],
  above: [`(i32.gt_u ${x} ${n(8)})`, ANY, 15],
  "below with a sign": [`(i32.lt_s ${x} ${n(8)})`, ANY, ANY],
  "below what is computed": [`(i32.lt_u ${x} (local.get $p))`, ANY, ANY],
  "another local": [`(i32.eq (local.get $b) ${n(16)})`, ANY, ANY],
  "what is computed of it": [`(i32.eq (i32.add ${x} ${n(1)}) ${n(16)})`, ANY, ANY],
};
for (const [what, [condition, then, otherwise]] of Object.entries(asked)) {
  bits[`where ${what} holds`] = [holds(condition, true), then];
  bits[`where ${what} does not hold`] = [holds(condition, false), otherwise];
}
for (const [what, [body, expected]] of Object.entries(bits))
  test(`possible bits: ${what}`, () => {
    assert.equal(dropped(body), expected);
  });

test("a branch has tested what holds behind it, and where it leads", () => {
  const body = (rest: string): string =>
    `(local.set $a (local.get $p)) (block $o (br_if $o (i32.ne (local.get $a) (i32.const 16))) ${rest}`;
  assert.equal(dropped(body(`${a})`)), 16);
  assert.equal(
    dropped(`(block $o (br_if $o (i32.eq (local.tee $a (local.get $p)) (i32.const 3))) (return)) ${a}`),
    3,
  );
  assert.equal(dropped(`${body(`(return)) ${a}`)}`), ANY);
});

const settled: Readonly<Record<string, readonly [before: string, after: string | null]>> = {
  "a bit that was clear at first, and is in what each round ends with": [
    `(local $a i32) (loop $l (if (i32.and (local.get $a) (i32.const 1)) (then (x))) (br_if $l (i32.eq (local.tee $a (c)) (i32.const 16))))`,
    `(local $a i32) (loop $l (if (i32.const 0) (then (x))) (br_if $l (i32.eq (local.tee $a (c)) (i32.const 16))))`,
  ],
  "a bit that a round may set": [
    `(local $a i32) (loop $l (if (i32.and (local.get $a) (i32.const 1)) (then (x))) (br_if $l (i32.eq (local.tee $a (c)) (i32.const 17))))`,
    null,
  ],
  "a bit of which the branch says nothing": [
    `(local $a i32) (loop $l (if (i32.and (local.get $a) (i32.const 1)) (then (x))) (local.set $a (c)) (br_if $l (d)))`,
    null,
  ],
  "a value that does something": [
    `(local $a i32) (drop (i32.and (local.tee $a (i32.const 2)) (i32.const 1)))`,
    null,
  ],
  "what takes no bits": [`(local $a i32) (drop (select (local.get $a) (i32.const 0) (c)))`, null],
  "two values": [`(local $a i32) (drop (i32.and (local.get $a) (local.get $a)))`, null],
  "where it never comes": [`(local $a i32) (return) (drop (i32.and (local.get $a) (i32.const 1)))`, null],
};
for (const [what, [before, after]] of Object.entries(settled))
  test(`settleBits: ${what}`, () => {
    const module = parseForm(`(module (func $f ${before}))`);
    settleBits(module);
    assert.equal(printForm(module), printForm(parseForm(`(module (func $f ${after ?? before}))`)));
  });

const IMPORTS = `(import "host" "read" (func $read)) (import "host" "follow" (func $follow)) (import "opaque" "f" (func $opaque))`;
const lend = (name: string): LentArgument[] => [
  {
    pointer: 1,
    byteLength: (constants) => (constants[2] ?? null) && constants[2]! * 4,
    follows: name === "follow",
  },
];
const word = (address: number): string =>
  `(i32.store (i32.const ${address}) (i32.const 7)) (drop (i32.load (i32.const ${address})))`;
/** Words at 100, 104 and 108 of a frame from 100 to 120, one at 96 beside it. */
const words = [96, 100, 104, 108].map(word).join(" ");
const anywhere = "(drop (i32.load (local.get $p)))";

const frames: Readonly<Record<string, readonly [module: string, promoted: readonly number[]]>> = {
  "an index that was masked reaches what its bits reach": [
    `(func $f (param $p i32) ${words} (drop (i32.load8_u offset=104 (i32.and (local.get $p) (i32.const 3)))))`,
    [96, 100, 108],
  ],
  "with the width of the access": [
    `(func $f (param $p i32) ${words} (drop (i64.load offset=100 (i32.and (local.get $p) (i32.const 1)))))`,
    [96],
  ],
  "eight bytes end before the next": [`(func $f ${words} (drop (i64.load (i32.const 92))))`, [100, 104, 108]],
  "the last word of a frame": [`(func $f (param $p i32) ${word(116)} ${anywhere})`, [116]],
  "a word that ends behind it": [`(func $f (param $p i32) ${word(118)} ${anywhere})`, []],
  "an address that the callers give is that address": [
    `(func $f ${words} (call $g (i32.const 96) (x))) (func $g (param $a i32) (param $b i32) (i32.store offset=8 (local.get $a) (local.get $b)))`,
    [96, 100, 108],
  ],
  "of each caller": [
    `(func $f ${words} (call $g (i32.const 96)) (call $g (i32.const 100))) (func $g (param $a i32) (i32.store offset=4 (local.get $a) (i32.const 1)))`,
    [96, 108],
  ],
  "of one caller it is not known": [
    `(func $f ${words} (call $g (i32.const 104)) (call $g (x))) (func $g (param $a i32) (i32.store (local.get $a) (i32.const 1)))`,
    [],
  ],
  "nor of one that gives it and is left": [
    `(func $f ${words} (call $g (i32.const 104)) (return_call $g (x))) (func $g (param $a i32) (i32.store (local.get $a) (i32.const 1)))`,
    [],
  ],
  "of a function whose type has a name": [
    `(func $f ${words} ${anywhere} (call $g (i32.const 104))) (func $g (type $t) (param $a i32) (i32.store (local.get $a) (i32.const 1)))`,
    [100, 108],
  ],
  "a global of a parameter's name is another value": [
    `(func $f ${words} (call $g (i32.const 108))) (func $g (param $a i32) (i32.store (global.get $a) (i32.const 1)))`,
    [100, 104, 108],
  ],
  "nor of one that is set on the way": [
    `(func $f ${words} (call $g (i32.const 100))) (func $g (param $a i32) (x (local.tee $a (x))) (i32.store (local.get $a) (i32.const 1)))`,
    [],
  ],
  "nor of one that is set anew": [
    `(func $f ${words} (call $g (i32.const 100))) (func $g (param $a i32) (local.set $a (x)) (i32.store (local.get $a) (i32.const 1)))`,
    [],
  ],
  "nor of an export's": [
    `(export "g" (func $g)) (func $f ${words} (call $g (i32.const 100))) (func $g (param $a i32) (i32.store (local.get $a) (i32.const 1)))`,
    [],
  ],
  "nor of a function in the table": [
    `(elem (i32.const 0) $g) (func $f ${words} (call $g (i32.const 100))) (func $g (param $a i32) (i32.store (local.get $a) (i32.const 1)))`,
    [],
  ],
  "nor of one whose reference is taken": [
    `(func $f ${words} (drop (ref.func $g)) (call $g (i32.const 100))) (func $g (param $a i32) (i32.store (local.get $a) (i32.const 1)))`,
    [],
  ],
  "a function that nobody calls has no callers": [
    `(func $f ${words}) (func $g (param $a i32) (i32.store (local.get $a) (i32.const 1)))`,
    [100, 104, 108],
  ],
  "an address without a bound: of frames alone": [
    `(func $f (param $p i32) ${words} ${anywhere})`,
    [100, 104, 108],
  ],
  "a lent address that is computed: of frames alone": [
    `(func $f (param $p i32) ${words} (drop (call $read (x) (local.get $p) (i32.const 40))))`,
    [100, 104, 108],
  ],
  "a lent length that is computed: of frames alone, up to there": [
    `(func $f (param $p i32) ${words} (drop (call $read (x) (i32.const 104) (local.get $p))))`,
    [100],
  ],
  "what is lent holds addresses: of frames alone, and not what is lent": [
    `(func $f ${words} (drop (call $follow (x) (i32.const 108) (i32.const 1))))`,
    [100, 104],
  ],
  "an import of which nothing is known: of frames alone": [
    `(func $f ${words} (call $opaque (i32.const 1)))`,
    [100, 104, 108],
  ],
  "which is given an address": [`(func $f ${words} (call $opaque (i32.const 116)))`, []],
  "which is given the one behind": [`(func $f ${words} (call $opaque (i32.const 120)))`, [100, 104, 108]],
  "a computed address from one of the frame's": [
    `(func $f (param $p i32) ${words} (drop (i32.load offset=100 (local.get $p))))`,
    [],
  ],
  "a computed address from one below": [
    `(func $f (param $p i32) ${words} (drop (i32.load offset=99 (local.get $p))))`,
    [100, 104, 108],
  ],
  "an address that is added to": [
    `(func $f (param $p i32) ${words} ${anywhere} (x (i32.add (local.get $p) (i32.const 112))))`,
    [],
  ],
  "an address that is kept": [
    `(func $f (param $p i32) ${words} ${anywhere} (local.set $p (i32.const 100)))`,
    [],
  ],
  "an address that is stored": [
    `(func $f (param $p i32) ${words} ${anywhere} (i32.store (i32.const 0) (i32.const 100)))`,
    [],
  ],
  "an address in a global": [
    `(global $g i32 (i32.const 100)) (func $f (param $p i32) ${words} ${anywhere})`,
    [],
  ],
  "an address that another function computes with": [
    `(func $f (param $p i32) ${words} ${anywhere} (call $g (i32.const 100))) (func $g (param $a i32) (x (i32.add (local.get $a) (i32.const 4))))`,
    [],
  ],
  "an address that another function accesses": [
    `(func $f (param $p i32) ${words} ${anywhere} (call $g (i32.const 100))) (func $g (param $a i32) (i32.store offset=4 (local.get $a) (i32.const 4)))`,
    [100, 108],
  ],
  "and passes on": [
    `(func $f (param $p i32) ${words} ${anywhere} (call $g (i32.const 100))) (func $g (param $a i32) (i32.store offset=4 (local.get $a) (local.get $a)))`,
    [],
  ],
  "a number that is no address": [
    `(func $f (param $p i32) ${words} ${anywhere} (x (i32.shl (local.get $p) (i32.const 100)) (i32.eq (local.get $p) (i32.const 100)) (i32.lt_s (i32.const 100) (local.get $p)) (i32.and (local.get $p) (i32.const 100)) (i32.mul (local.get $p) (i32.const 100)) (i32.rem_u (local.get $p) (i32.const 100))))`,
    [100, 104, 108],
  ],
  "a number that may be one": [
    `(func $f (param $p i32) ${words} ${anywhere} (x (i32.shl (i32.const 100) (local.get $p))))`,
    [],
  ],
  "where data lies": [
    `(data (i32.const 112) "abc") (func $f (param $p i32) ${words} ${anywhere})`,
    [100, 104, 108],
  ],
};
for (const [what, [body, promoted]] of Object.entries(frames))
  test(`promoteFrame: ${what}`, () => {
    const module = parseForm(`(module ${IMPORTS} ${body})`);
    const lent = (from: string, name: string): LentArgument[] | null => (from === "host" ? lend(name) : null);
    assert.deepEqual(promoteFrame(module, lent, [{ from: 100, to: 120 }]), promoted);
  });

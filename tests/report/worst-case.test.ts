/** The worst case against what runs: no run takes more, and one that goes the dearest way takes as much. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instructionCount, withInstructionCounter } from "../../tools/instrument/count-instructions.js";
import { atTier, seed } from "../tier.js";
import { analysed, file, guest, reportOf, wat } from "./rill.js";

type Exports = Readonly<Record<string, (...args: number[]) => number>>;

const NAME = "[async-lift]t:t/t#f";

/** A module whose function `f` takes two numbers, of which nothing is known, and has three locals. */
function moduleOf(body: string, more = ""): Uint8Array {
  return wat(`(module ${more} (func $f (export "${NAME}") (param $x i32) (param $y i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32) ${body}))`);
}

let written = 0;
async function worstOf(
  bytes: Uint8Array,
): Promise<{ readonly instructions: number | null; readonly why: string }> {
  const { worst_cases: cases } = await analysed(file(`worst-${written++}.wasm`, bytes));
  const found = cases.find((worst) => worst.export === NAME)!;
  assert.equal(found.per, "call");
  return { instructions: found.instructions, why: found.obstacles.map(({ what }) => what).join("; ") };
}

/** Instructions of one call. */
async function executed(bytes: Uint8Array, x: number, y: number): Promise<number> {
  const counted = await WebAssembly.instantiate(withInstructionCounter(bytes).bytes);
  (counted.instance.exports as Exports)[NAME]!(x, y);
  return instructionCount(counted.instance.exports);
}

const add = (local: string, by: number): string =>
  `(local.set ${local} (i32.add (local.get ${local}) (i32.const ${by})))`;

/** Each goes its dearest way with 1, 1. */
const bounded: Readonly<Record<string, string>> = {
  "no loop": "(i32.add (local.get $x) (local.get $y))",
  "the dearer branch": `(if (local.get $x) (then ${add("$a", 1)} ${add("$a", 2)}) (else ${add("$a", 1)})) (local.get $a)`,
  "a loop that tests first": `(block $out (loop $l (br_if $out (i32.ge_u (local.get $a) (i32.const 16)))
    ${add("$a", 1)} (br $l))) (local.get $a)`,
  "a loop that tests last, downwards": `(local.set $a (i32.const 40))
    (loop $l (br_if $l (local.tee $a (i32.sub (local.get $a) (i32.const 4))))) (local.get $a)`,
  "a triangle": `(loop $o (local.set $b (i32.const 0)) (loop $i ${add("$c", 1)} ${add("$b", 1)}
    (br_if $i (i32.lt_s (local.get $b) (local.get $a)))) ${add("$a", 1)}
    (br_if $o (i32.lt_s (local.get $a) (i32.const 9)))) (local.get $c)`,
  "a loop that data may end early": `(block $out (loop $l (br_if $out (i32.eqz (local.get $x))) ${add("$a", 1)}
    (br_if $l (i32.lt_u (local.get $a) (i32.const 7))))) (local.get $a)`,
  "a shift that runs out": `(local.set $a (i32.const 0x10000))
    (loop $l (br_if $l (local.tee $a (i32.shr_u (local.get $a) (i32.const 1))))) (local.get $a)`,
  "a table of labels": `(block $b (block $a (br_table $a $b (local.get $x))) ${add("$a", 1)}) (local.get $a)`,
};
for (const [name, body] of Object.entries(bounded)) {
  test(`${name}: as many as the dearest run takes`, async () => {
    const bytes = moduleOf(body);
    const { instructions, why } = await worstOf(bytes);
    const runs = await Promise.all([0, 1].map((x) => executed(bytes, x, 1)));
    assert.equal(instructions, Math.max(...runs), why);
  });
}

test("a bound that the caller gives as a constant", async () => {
  const callee = `(func $n (param $n i32) (local $i i32) (loop $l ${add("$i", 1)}
    (br_if $l (i32.lt_u (local.get $i) (local.get $n)))))`;
  const bytes = moduleOf("(call $n (i32.const 5)) (call $n (i32.const 11)) (i32.const 0)", callee);
  assert.equal((await worstOf(bytes)).instructions, await executed(bytes, 0, 0));
});

const unbounded: Readonly<Record<string, readonly [body: string, why: RegExp, more?: string]>> = {
  "a count that the caller chooses": [
    `(loop $l ${add("$a", 1)} (br_if $l (i32.lt_u (local.get $a) (local.get $x)))) (i32.const 0)`,
    /^unbounded loop \(no end within 1,024 rounds\)$/,
  ],
  "a loop that only data ends": [
    "(loop $l (br_if $l (local.tee $x (i32.shr_u (local.get $x) (local.get $y))))) (i32.const 0)",
    /^unbounded loop$/,
  ],
  recursion: ["(call $f (local.get $x) (local.get $y))", /^recursion$/],
  "too much for one call": [
    `(loop $o (local.set $b (i32.const 0)) (loop $i ${add("$b", 1)} (br_if $i (i32.lt_u (local.get $b) (i32.const 999))))
     ${add("$a", 1)} (br_if $o (i32.lt_u (local.get $a) (i32.const 999)))) (i32.const 0)`,
    /^no end within 300,000 instructions$/,
  ],
  "a call of what the host hands in": [
    "(call_indirect (param i32) (result i32) (local.get $x) (i32.const 0))",
    /^a call of what the host hands in$/,
    '(table (export "t") 1 funcref)',
  ],
  "a task that is called back": [
    "(i32.const 0)",
    /^its task is called back/,
    `(func $g) (func (export "[callback]${NAME}") (param i32 i32 i32) (result i32) (call $g) (i32.const 0))`,
  ],
};
for (const [name, [body, why, more]] of Object.entries(unbounded)) {
  test(`${name}: no bound, and why`, async () => {
    const found = await worstOf(moduleOf(body, more));
    assert.equal(found.instructions, null);
    assert.match(found.why, why);
  });
}

/** Statements of random programs; their loops, at most two deep, end after a constant number of rounds. */
const { statement } = fc.letrec<{ statement: string; block: string }>((tie) => ({
  statement: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.tuple(fc.constantFrom("$a", "$b"), fc.integer({ min: -3, max: 3 })).map(([name, by]) => add(name, by)),
    fc.constantFrom("$x", "$y").map((name) => `(local.set $a (i32.xor (local.get $a) (local.get ${name})))`),
    fc
      .tuple(fc.constantFrom("$x", "$y", "$a", "$b"), tie("block"), tie("block"))
      .map(
        ([name, yes, no]) => `(if (i32.and (local.get ${name}) (i32.const 1)) (then ${yes}) (else ${no}))`,
      ),
    fc.tuple(fc.integer({ min: 1, max: 6 }), tie("block")).map(([rounds, body]) =>
      body.includes("$d")
        ? body
        : `(block (local.set $c (i32.const ${rounds})) (loop $l ${body.replaceAll("$c", "$d")}
              (br_if $l (local.tee $c (i32.sub (local.get $c) (i32.const 1))))))`,
    ),
  ),
  block: fc.array(tie("statement"), { maxLength: 3 }).map((all) => all.join(" ")),
}));

test("random programs: no run takes more", async () => {
  const program = fc.array(statement, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(program, fc.integer(), fc.integer(), async (statements, x, y) => {
      const bytes = moduleOf(`(local $d i32) ${statements.join(" ")} (local.get $a)`);
      const { instructions, why } = await worstOf(bytes);
      const ran = await executed(bytes, x, y);
      assert.ok(instructions !== null && ran <= instructions, `${ran} of ${instructions} ${why}`);
    }),
    { numRuns: atTier(60, 5_000), seed },
  );
});

test("double: the proven worst item is the measured one with every copy blocked", async () => {
  const double = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");
  const items = file("worst-items.bin", new Uint8Array(400));
  const { worst_cases: cases, run } = reportOf(double, "--run", "--in", `x=${items}`);
  const { blocking, ready } = run!.steady!;
  assert.deepEqual(cases, [
    {
      export: "[async-lift]my:test/i#double",
      per: "item",
      loop: "double.ts:7",
      instructions: blocking.instructions_per_item,
      obstacles: [],
      on_board: null,
    },
  ]);
  assert.ok(ready.instructions_per_item < blocking.instructions_per_item);
});

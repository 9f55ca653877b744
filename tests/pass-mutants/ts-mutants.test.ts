import assert from "node:assert/strict";
import { test } from "node:test";
import { writeSchema } from "../c-mutants/schema.js";
import { textMutants } from "./text-mutants.js";
import { functionPlaces, mutantsOf } from "./ts-mutants.js";

const changes = (source: string): string[] =>
  mutantsOf("x.ts", source).map(({ key }) => key.replace(/^x\.ts: .*?;: /, ""));

test("mutants of conditions, operators and constants", () => {
  assert.deepEqual(changes("function f(a: number): number {\n  return a < 1 && !b ? g(-a) : h;\n}\n"), [
    "? : ⇒ g(-a)",
    "? : ⇒ h",
    "&& ⇒ ||",
    "&& !b dropped",
    "&& a < 1 dropped",
    "< ⇒ <=",
    "< ⇒ >=",
    "1 ⇒ 2",
    "! ⇒ nothing",
    "- ⇒ nothing",
  ]);
});

test("mutants of statements: left out, and in front of the one before", () => {
  assert.deepEqual(changes('function f(): void {\n  a();\n  b.every("c");\n}\n'), [
    'after b.every("c");',
    "removed",
    "removed",
    "every ⇒ some",
    '"c" ⇒ "x"',
  ]);
});

test("mutants of what a function with a truth value answers", () => {
  assert.deepEqual(changes("function f(): boolean {\n  return g(h);\n}\n"), ["g(h) ⇒ true", "g(h) ⇒ false"]);
});

test("a constant outside of functions is changed where it is used", () => {
  const [mutant] = mutantsOf(
    "x.ts",
    "const SIZE = 8;\nfunction f(): void {\n  g(SIZE);\n  h(SIZE);\n}\n",
  ).filter(({ key }) => key.endsWith("8 ⇒ 9"));
  assert.equal(mutant?.edits.length, 2);
});

test("nothing is changed outside of functions, in types and in imports", () => {
  assert.deepEqual(changes('import a from "b";\nconst c = d(1) + 2;\ninterface E { readonly f: "g" }\n'), []);
});

test("mutants of WebAssembly in a text: one form less, another operator, another constant", () => {
  assert.deepEqual(
    textMutants("`(call $f (i32.or (local.get $a) (i32.const 2))) (i32.store offset=4 ${g(1)} (h))`").map(
      ({ changed, change }) => [change, changed],
    ),
    [
      ["(call $f (i32.or (local.get $a) (i32.c… removed", "` (i32.store offset=4 ${g(1)} (h))`"],
      [
        "i32.or ⇒ i32.and",
        "`(call $f (i32.and (local.get $a) (i32.const 2))) (i32.store offset=4 ${g(1)} (h))`",
      ],
      ["2 ⇒ 3", "`(call $f (i32.or (local.get $a) (i32.const 3))) (i32.store offset=4 ${g(1)} (h))`"],
      ["(i32.store offset=4 ${g(1)} (h)) removed", "`(call $f (i32.or (local.get $a) (i32.const 2))) `"],
      ["offset dropped", "`(call $f (i32.or (local.get $a) (i32.const 2))) (i32.store ${g(1)} (h))`"],
    ],
  );
});

test("a script with all mutants does what the source does while none is on, and each mutant's change when it is", () => {
  const source = "function f(a, log) {\n  log.push(a + 1);\n  log.push(0);\n  return a > 1 ? log : [];\n}\n";
  const mutants = mutantsOf("x.ts", source);
  const places = functionPlaces(source);
  const numbered = mutants.map((mutant, index) => [index + 1, mutant] as const);
  const notes = [...places].map(([at, line]) => [at, ` rill_reach(${line});`] as const);
  const { text } = writeSchema(source, numbered, new Map(notes));
  const run = new Function("rill_mutant", "rill_reach", `${text}; return f(2, []);`) as (
    mutant: number,
    reach: (line: number) => void,
  ) => unknown;
  const lines: number[] = [];
  assert.deepEqual(
    run(0, (line) => void lines.push(line)),
    [3, 0],
  );
  assert.deepEqual(lines, [1]);
  const answers = new Map(
    mutants.map(({ key }, index) => [key.replace(/^x\.ts: /, ""), run(index + 1, () => undefined)]),
  );
  assert.deepEqual(answers.get("log.push(a + 1);: removed"), [0]);
  assert.deepEqual(answers.get("log.push(a + 1);: after log.push(0);"), [0, 3]);
  assert.deepEqual(answers.get("log.push(a + 1);: + ⇒ -"), [1, 0]);
  assert.deepEqual(answers.get("return a > 1 ? log : [];: > ⇒ <="), []);
});

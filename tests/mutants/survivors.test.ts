import assert from "node:assert/strict";
import { test } from "node:test";
import { mutantsOf } from "./mutants.js";
import { pagePart, pageScore, readPagePart } from "./page.js";
import { misfits, readJudgements } from "./survivors.js";

const judgements = [{ why: "because", mutants: ["a", "b"] }];
const both = new Map([
  ["a", "survived"],
  ["b", "survived"],
]);

test("a run whose survivors are the judged ones fits", () => {
  assert.deepEqual(misfits(new Map([...both, ["c", "killed"]]), judgements), []);
});

test("a survivor that nobody has judged does not", () => {
  assert.deepEqual(misfits(new Map([...both, ["c", "survived"]]), judgements), [
    "survives, and nobody has judged it: c",
  ]);
});

test("nor does a judged one that is killed, or is no more", () => {
  assert.deepEqual(misfits(new Map([["a", "killed"]]), judgements), [
    "killed, yet judged a survivor: a",
    "judged a survivor, and there is no such mutant: b",
  ]);
});

test("nor does one that is judged twice", () => {
  assert.deepEqual(misfits(both, [...judgements, { why: "again", mutants: ["a"] }]), ["judged twice: a"]);
});

test("every judgement gives a reason and holds for a mutant", () => {
  for (const { why, mutants } of readJudgements()) {
    assert.ok(why.length > 30, why);
    assert.ok(mutants.length > 0, why);
  }
});

test("the page tells every judgement: node dist/tests/mutants/main.js --write", () => {
  const part = readPagePart();
  assert.equal(part, pagePart(pageScore(part), readJudgements()));
});

test("mutants of a function: operators, constants and calls, each by its key", () => {
  const source = "function f(a: i32): bool {\n  g(a);\n  return a > 1 && !h(true);\n}\n";
  assert.deepEqual(
    mutantsOf("x.ts", source).map(({ key, lines }) => [key, lines]),
    [
      ["x.ts: g(a);: removed", [1, 4]],
      ["x.ts: return a > 1 && !h(true);: && ⇒ ||", [1, 4]],
      ["x.ts: return a > 1 && !h(true);: > ⇒ >=", [1, 4]],
      ["x.ts: return a > 1 && !h(true);: > ⇒ <=", [1, 4]],
      ["x.ts: return a > 1 && !h(true);: 1 ⇒ 2", [1, 4]],
      ["x.ts: return a > 1 && !h(true);: ! ⇒ nothing", [1, 4]],
    ],
  );
});

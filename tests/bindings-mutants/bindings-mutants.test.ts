import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreOf } from "../c-mutants/score.js";
import { pagePart, pageScore, readPagePart } from "../mutants/page.js";
import { misfits, readJudgements } from "../mutants/survivors.js";
import { runMutants } from "./run-mutants.js";
import { templateOf } from "./templates.js";

const LEAST_MUTANTS = 430;
/** Of all mutants that change code. What is reached may only rise. */
const LEAST_KILLED = 0.92;
/** How far the page may be from what a run counts. */
const NEAR = 0.03;

test("every mutant of the bindings is killed, or judged", async (t) => {
  const { verdicts, judged } = await runMutants();
  const { mutants, killed, survived, same, refused } = scoreOf(verdicts);
  t.diagnostic(
    `figure: ${mutants} mutants of the bindings: ${killed} killed, ${survived} survive and are judged; ${same} change no code, ${refused} do not compile; ${judged} judged in this run`,
  );
  const fates = new Map([...verdicts].map(([key, { fate }]) => [key, fate]));
  assert.deepEqual(misfits(fates, readJudgements("bindings-mutants")), []);
  assert.ok(mutants >= LEAST_MUTANTS);
  assert.ok(killed >= LEAST_KILLED * mutants, `${killed} of ${mutants}`);
  const told = pageScore(readPagePart("bindings-mutants"));
  assert.ok(Math.abs(told.killed - killed) <= NEAR * killed, "docs/bindings-mutants.md tells another score");
  assert.ok(
    Math.abs(told.mutants - mutants) <= NEAR * mutants,
    "docs/bindings-mutants.md tells another count",
  );
});

test("every judgement gives a reason and holds for a mutant", () => {
  for (const { why, mutants } of readJudgements("bindings-mutants")) {
    assert.ok(why.length > 30, why);
    assert.ok(mutants.length > 0, why);
  }
});

test("the page tells every judgement: node dist/tests/bindings-mutants/main.js --write", () => {
  const part = readPagePart("bindings-mutants");
  assert.equal(part, pagePart(pageScore(part), readJudgements("bindings-mutants")));
});

test("lines that differ in a world's names and in numbers alone are of one template", () => {
  const templates = [
    "bindings/a.ts: store<u32>(RESULT, <u32>corner, 12);: 12 ⇒ 13",
    "bindings/b.ts: store<u32>(OTHER_PLACE, <u32>narrow, 4);: 4 ⇒ 5 #2",
  ].map(templateOf);
  assert.equal(templates[0], "store<u32>(NAME, <u32>name, N);: N ⇒ N");
  assert.equal(templates[1], templates[0]);
  assert.notEqual(templateOf("bindings/b.ts: store<u8>(OTHER_PLACE, <u8>narrow, 4);: 4 ⇒ 5"), templates[0]);
});

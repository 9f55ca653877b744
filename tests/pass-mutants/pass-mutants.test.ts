import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreOf } from "../c-mutants/score.js";
import { pagePart, pageScore, readPagePart } from "../mutants/page.js";
import { misfits, readJudgements } from "../mutants/survivors.js";
import { runMutants } from "./run-mutants.js";

const LEAST_MUTANTS = 1_450;
/** Of all mutants. What is reached may only rise. */
const LEAST_KILLED = 0.93;
/** How far the page may be from what a run counts. */
const NEAR = 0.02;

test("every mutant of the passes is killed, or judged", async (t) => {
  const verdicts = await runMutants();
  const { mutants, killed, survived } = scoreOf(verdicts);
  t.diagnostic(
    `figure: ${mutants} mutants of the passes: ${killed} killed, ${survived} survive and are judged`,
  );
  const fates = new Map([...verdicts].map(([key, { fate }]) => [key, fate]));
  assert.deepEqual(misfits(fates, readJudgements("pass-mutants")), []);
  assert.ok(mutants >= LEAST_MUTANTS);
  assert.ok(killed >= LEAST_KILLED * mutants, `${killed} of ${mutants}`);
  const told = pageScore(readPagePart("pass-mutants"));
  assert.ok(Math.abs(told.killed - killed) <= NEAR * killed, "docs/pass-mutants.md tells another score");
  assert.ok(Math.abs(told.mutants - mutants) <= NEAR * mutants, "docs/pass-mutants.md tells another count");
});

test("every judgement gives a reason and holds for a mutant", () => {
  for (const { why, mutants } of readJudgements("pass-mutants")) {
    assert.ok(why.length > 30, why);
    assert.ok(mutants.length > 0, why);
  }
});

test("the page tells every judgement: node dist/tests/pass-mutants/main.js --write", () => {
  const part = readPagePart("pass-mutants");
  assert.equal(part, pagePart(pageScore(part), readJudgements("pass-mutants")));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { pagePart, pageScore, readPagePart } from "../mutants/page.js";
import { misfits, readJudgements } from "../mutants/survivors.js";
import { runMutants } from "./run-mutants.js";
import { scoreOf } from "./score.js";

/** Of all mutants that compile and change the code. What is reached may only rise. */
const LEAST_KILLED = 0.93;
const LEAST_MUTANTS = 3350;
/** How far the page may be from what a run counts. */
const NEAR = 0.03;

test("every mutant of the C host is killed, or judged", async (t) => {
  const { verdicts } = await runMutants();
  const { mutants, killed, survived, same, refused } = scoreOf(verdicts);
  t.diagnostic(
    `figure: ${mutants} mutants of the C host: ${killed} killed, ${survived} survive and are judged; ${same} change no code, ${refused} do not compile`,
  );
  const fates = new Map([...verdicts].map(([key, { fate }]) => [key, fate]));
  assert.deepEqual(misfits(fates, readJudgements("c-mutants")), []);
  assert.ok(mutants >= LEAST_MUTANTS);
  assert.ok(killed >= LEAST_KILLED * mutants, `${killed} of ${mutants}`);
  const told = pageScore(readPagePart("c-mutants"));
  assert.ok(Math.abs(told.killed - killed) <= NEAR * killed, "docs/c-mutants.md tells another score");
  assert.ok(Math.abs(told.mutants - mutants) <= NEAR * mutants, "docs/c-mutants.md tells another count");
});

test("every judgement gives a reason and holds for a mutant", () => {
  for (const { why, mutants } of readJudgements("c-mutants")) {
    assert.ok(why.length > 30, why);
    assert.ok(mutants.length > 0, why);
  }
});

test("the page tells every judgement: node dist/tests/c-mutants/main.js --write", () => {
  const part = readPagePart("c-mutants");
  assert.equal(part, pagePart(pageScore(part), readJudgements("c-mutants")));
});

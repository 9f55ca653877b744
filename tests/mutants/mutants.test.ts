import assert from "node:assert/strict";
import { test } from "node:test";
import { pageScore, readPagePart } from "./page.js";
import { runMutants } from "./run-mutants.js";
import { misfits, readJudgements } from "./survivors.js";

const LEAST_MUTANTS = 500;
/** Of all mutants that compile and change the code. */
const LEAST_KILLED = 0.9;
/** How far the page may be from what a run counts. */
const NEAR = 0.05;

test("every mutant of the guest library is killed, or judged", async (t) => {
  const began = performance.now();
  const verdicts = await runMutants();
  const fates = new Map([...verdicts].map(([key, { fate }]) => [key, fate]));
  const count = (wanted: string): number => [...fates.values()].filter((fate) => fate === wanted).length;
  const [killed, survived] = [count("killed"), count("survived")];
  const { user, system } = process.cpuUsage();
  t.diagnostic(
    `figure: ${fates.size} mutants of the guest library: ${killed} killed, ${survived} survive and are judged, ${count("same")} change no code, ${count("refused")} do not compile; ${((performance.now() - began) / 1000).toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of one core`,
  );
  assert.deepEqual(misfits(fates, readJudgements()), []);
  assert.ok(fates.size >= LEAST_MUTANTS);
  assert.ok(killed >= LEAST_KILLED * (killed + survived));
  const told = pageScore(readPagePart());
  assert.ok(Math.abs(told.killed - killed) <= NEAR * killed, "docs/mutants.md tells another score");
  assert.ok(Math.abs(told.mutants - fates.size) <= NEAR * fates.size, "docs/mutants.md tells another count");
});

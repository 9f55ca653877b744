import assert from "node:assert/strict";
import { test } from "node:test";
import { pageScore, readPagePart } from "./page.js";
import { allMutants } from "./mutants.js";
import { runMutants } from "./run-mutants.js";
import { shareOfRun } from "./share.js";
import { misfits, readJudgements } from "./survivors.js";

const LEAST_MUTANTS = 500;
/** Of all mutants that compile and change the code, not of a run's share of them. */
const LEAST_KILLED = 0.9;
/** Of all mutants, how many a run shows to witnesses: a quarter, near enough. */
const LEAST_SHARE = 0.2;
/** How far the page may be from what a run counts. */
const NEAR = 0.05;

test("every mutant of the guest library is killed, or judged", async (t) => {
  const began = performance.now();
  const all = allMutants().map(({ key }) => key);
  const keys = new Set(shareOfRun(all));
  const verdicts = await runMutants(keys);
  const fates = new Map([...verdicts].map(([key, { fate }]) => [key, fate]));
  const count = (wanted: string): number => [...fates.values()].filter((fate) => fate === wanted).length;
  const [killed, survived] = [count("killed"), count("survived")];
  const { user, system } = process.cpuUsage();
  t.diagnostic(
    `figure: ${fates.size} of ${all.length} mutants of the guest library: ${killed} killed, ${survived} survive and are judged, ${count("same")} change no code, ${count("refused")} do not compile; ${((performance.now() - began) / 1000).toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of one core`,
  );
  assert.ok(all.length >= LEAST_MUTANTS);
  assert.ok(fates.size > all.length * LEAST_SHARE, `${fates.size} of ${all.length} mutants were run`);
  const known = new Set(all);
  const judgements = readJudgements().map(({ why, mutants }) => ({
    why,
    mutants: mutants.filter((key) => keys.has(key) || !known.has(key)),
  }));
  assert.deepEqual(misfits(fates, judgements), []);
  const told = pageScore(readPagePart());
  const judged = readJudgements().flatMap(({ mutants }) => mutants).length;
  assert.ok(told.killed >= LEAST_KILLED * (told.killed + judged));
  assert.ok(Math.abs(told.mutants - all.length) <= NEAR * all.length, "docs/mutants.md tells another count");
  const share = fates.size / all.length;
  assert.ok(
    Math.abs(told.killed * share - killed) <= NEAR * told.mutants * share,
    "docs/mutants.md tells another score",
  );
});

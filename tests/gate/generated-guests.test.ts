/**
 * Random correct guests have no finding; one fault in the library, and they have. `RILL_RUNS`
 * guests of each kind, or as many as fit.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkPrepared } from "../../tools/gate/check-guest.js";
import { arenaFaults } from "./arena-faults.js";
import { futureFaults } from "./future-faults.js";
import { firstRule, sourceOf, withSource } from "./gate-guests.js";
import { anyGuest, kinds, prepareRandom } from "./random-guests.js";
import { handleFaults } from "./handle-faults.js";
import { atTier, seed } from "../tier.js";
import { seededFaults } from "./seeded-faults.js";

const faults = [...seededFaults, ...arenaFaults, ...futureFaults, ...handleFaults];

const numRuns = Number(process.env.RILL_RUNS ?? atTier(6, 300));
const bounds = { items: 2, calls: 2, seconds: 3 };

for (const kind of Object.keys(kinds)) {
  test(`random guests with ${kind} are silent`, async () => {
    await fc.assert(
      fc.asyncProperty(anyGuest(kind), async (guest) => {
        const { findings, schedules } = await checkPrepared(await prepareRandom(guest), bounds, [
          "announcing",
        ]);
        assert.deepEqual(findings, [], guest.source);
        assert.ok(schedules > 0, "the time was up before the first schedule");
      }),
      { seed, numRuns },
    );
  });
}

/** Faults, each by its name among the seeded ones, and the kind of guest that meets it sooner or later. */
const met: Readonly<Record<string, string>> = {
  "close skips the cancel of a read in flight": "numbers",
  "writeOne lends a slot that is not the operation's": "records",
  "next gives nothing back": "strings",
  "the preset value is written after another was": "futures",
  "a call's result that nobody took is left behind": "calls",
};
const MOST_GUESTS = 30;

for (const [name, kind] of Object.entries(met)) {
  test(`random guests with ${kind} meet a fault: ${name}`, async () => {
    const { file, find, replace } = faults.find((fault) => fault.name === name)!;
    for (const random of fc.sample(anyGuest(kind), { seed, numRuns: MOST_GUESTS })) {
      const guest = await prepareRandom(random);
      const changed = withSource(
        guest,
        file,
        sourceOf(guest, file).replace(find, () => replace),
      );
      if ((await firstRule(changed, bounds)) !== null) return;
    }
    assert.fail(`none of ${MOST_GUESTS} guests met it`);
  });
}

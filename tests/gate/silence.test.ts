import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { prepareGuest } from "../../tools/compile/guest-module.js";
import {
  type CheckBounds,
  type CheckResult,
  checkPrepared,
  defaultBounds,
} from "../../tools/gate/check-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { boundsOf, everyGuest, hurried, smaller } from "./every-guest.js";
import { gateGuest } from "./gate-guests.js";
import { atTier } from "../tier.js";
import { onPurpose } from "./on-purpose.js";

const LEAST_STEPS = atTier(100_000_000, 200_000_000);
/** Seconds for each build of a guest, on however busy a machine. */
const SECONDS = atTier(300, 7200);
let steps = 0;
let schedules = 0;
let seconds = 0;

function requireSilence(result: CheckResult): void {
  steps += result.steps;
  schedules += result.schedules;
  seconds += result.forms.reduce((sum, form) => sum + form.seconds, 0);
  assert.deepEqual(result.findings, []);
  for (const form of result.forms) assert.ok(form.complete, `${form.form}: every schedule was run`);
}

for (const { name, prepare, known } of everyGuest) {
  test(`no finding in any schedule of ${name}`, async () => {
    requireSilence(
      await checkPrepared(await prepare(), {
        ...boundsOf(name),
        seconds: SECONDS,
        ...known,
      }),
    );
  });
}

test("the bounds do not shrink: nobody is looked at less than before", () => {
  assert.ok(defaultBounds.items >= 4 && defaultBounds.calls >= 2);
  const least: Readonly<Record<string, Partial<CheckBounds>>> = {
    "tests/guests/texts/texts": { calls: 1 },
    "tests/guests/callers/callers": { calls: 1 },
    "tests/guests/futures/futures": { calls: 1 },
    "tests/guests/nested/nested": { calls: 1, items: 2 },
    "../silent/call-in-a-scope-while-reading": { calls: 1 },
    "../silent/constant": { calls: 1 },
    "../silent/fetches": { calls: 1 },
    "../silent/give-back-while-reading": { calls: 1, items: 2 },
    "../silent/nest": { calls: 1, items: 2 },
    "../silent/polls": { calls: 1 },
    "../silent/sift": { calls: 1, items: 2 },
    "start-read-many-then-write": { calls: 1 },
    "ends-of-two-types": { calls: 1 },
    "start-ends-of-two-types": { calls: 1, items: 2 },
  };
  for (const [name, { items = defaultBounds.items, calls = defaultBounds.calls }] of Object.entries(
    smaller,
  )) {
    assert.ok(name in least, `${name} had the usual bounds`);
    assert.ok(items >= (least[name]!.items ?? 4) && calls >= (least[name]!.calls ?? 2), name);
  }
  const leastOfTheDay: Readonly<Record<string, Partial<CheckBounds>>> = {
    "tests/guests/texts/texts": { calls: 1, items: 2 },
    "tests/guests/nested/nested": { calls: 1, items: 2, streams: 1 },
    "tests/guests/counters/counters": { calls: 1 },
    "tests/guests/shapes/shapes": { calls: 1 },
    "tests/guests/wide/wide": { calls: 1 },
    "../silent/nest": { calls: 1, items: 1 },
    "../silent/sift": { calls: 1, items: 1 },
    "pass-an-item-then-read-on": { calls: 1 },
    "start-poll-cancel-write-again": { items: 3 },
    "sync-call-between-reads": { calls: 1 },
    "two-arena-reads-in-flight": { calls: 1 },
  };
  for (const name of Object.keys(hurried)) {
    assert.ok(name in leastOfTheDay, `${name} was looked at whole with every change`);
    const { items, calls, streams = items } = boundsOf(name);
    const least = { ...defaultBounds, ...leastOfTheDay[name] };
    assert.ok(
      items >= least.items && calls >= least.calls && streams >= (least.streams ?? least.items),
      name,
    );
  }
});

for (const [path, functions] of Object.entries(onPurpose)) {
  for (const [name, rule] of Object.entries(functions)) {
    test(`what ${path} does wrong on purpose in ${name} is found`, async () => {
      const base = join(packageRoot, path);
      const guest = await prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` });
      const only = (called: string): boolean => called === name;
      const bounds = { ...defaultBounds, calls: 1, items: 2, wanted: only };
      const { findings } = await checkPrepared(guest, bounds, ["announcing"]);
      assert.deepEqual([...new Set(findings.map((finding) => finding.rule))], [rule]);
    });
  }
}

test("a thousand random schedules with more items than the exhaustive run has", async () => {
  const bounds = { ...defaultBounds, items: 12, seed: 1, schedules: 1000 };
  const { findings } = await checkPrepared(await gateGuest("merge-two-streams"), bounds);
  assert.deepEqual(findings, []);
});

test(`that were at least ${LEAST_STEPS.toLocaleString("en-US")} steps`, (t) => {
  const count = (value: number): string => value.toLocaleString("en-US");
  t.diagnostic(
    `figure: every schedule of ${everyGuest.length} guests, each built twice: ${count(schedules)} schedules, ${count(steps)} steps, ${seconds.toFixed(0)} s on one core, no finding`,
  );
  assert.ok(steps >= LEAST_STEPS);
});

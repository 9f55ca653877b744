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
import { guestContents, shippedContents } from "./contents.js";
import { gateGuest, guestNames, silentGuestNames } from "./gate-guests.js";
import { isCorrect, onPurpose } from "./on-purpose.js";

const LEAST_STEPS = 1_000_000;
let steps = 0;
let schedules = 0;
let seconds = 0;

/** Everything that ships as a guest: WIT beside it, one world. */
const shipped = [
  ...["double", "lists", "shapes", "texts", "values", "wide", "callers", "futures", "nested", "counters"].map(
    (name) => `tests/guests/${name}/${name}`,
  ),
  ...["ecg", "imu", "names"].map((name) => `examples/${name}/${name}`),
];

/** Guests of so many functions or ends that every pair of calls takes minutes: one call a schedule, or fewer items. */
const smaller: Readonly<Record<string, Partial<CheckBounds>>> = {
  "tests/guests/texts/texts": { calls: 1 },
  "tests/guests/callers/callers": { calls: 1 },
  "tests/guests/futures/futures": { calls: 1 },
  "tests/guests/nested/nested": { calls: 1, items: 2 },
  "../silent/constant": { calls: 1 },
  "../silent/fetches": { calls: 1 },
  "../silent/nest": { calls: 1, items: 2 },
  "../silent/polls": { calls: 1 },
  "../silent/sift": { calls: 1, items: 2 },
  parcels: { calls: 1 },
};

function requireSilence(result: CheckResult): void {
  steps += result.steps;
  schedules += result.schedules;
  seconds += result.forms.reduce((sum, form) => sum + form.seconds, 0);
  assert.deepEqual(result.findings, []);
  for (const form of result.forms) assert.ok(form.complete, `${form.form}: every schedule was run`);
}

for (const path of shipped) {
  test(`no finding in any schedule of ${path}`, async () => {
    const base = join(packageRoot, path);
    requireSilence(
      await checkPrepared(await prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` }), {
        ...defaultBounds,
        ...smaller[path],
        wanted: isCorrect(path),
        contents: shippedContents(path),
      }),
    );
  });
}

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

for (const name of [...guestNames, ...silentGuestNames]) {
  test(`no finding in any schedule of the guest ${name}`, async () => {
    requireSilence(
      await checkPrepared(await gateGuest(name), {
        ...defaultBounds,
        ...smaller[name],
        contents: guestContents(name),
      }),
    );
  });
}

test("a thousand random schedules with more items than the exhaustive run has", async () => {
  const bounds = { ...defaultBounds, items: 12, seed: 1, schedules: 1000 };
  const { findings } = await checkPrepared(await gateGuest("merge"), bounds);
  assert.deepEqual(findings, []);
});

test(`that were at least ${LEAST_STEPS.toLocaleString("en-US")} steps`, (t) => {
  const count = (value: number): string => value.toLocaleString("en-US");
  t.diagnostic(
    `figure: every schedule of ${shipped.length + guestNames.length + silentGuestNames.length} guests, each built twice: ${count(schedules)} schedules, ${count(steps)} steps, ${seconds.toFixed(0)} s on one core, no finding`,
  );
  assert.ok(steps >= LEAST_STEPS);
});

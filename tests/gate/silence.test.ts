import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { prepareGuest } from "../../tools/build/guest-module.js";
import { type CheckResult, checkPrepared, defaultBounds } from "../../tools/gate/check-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { guestContents, shippedContents } from "./contents.js";
import { gateGuest, guestNames } from "./gate-guests.js";

const LEAST_STEPS = 1_000_000;
let steps = 0;
let schedules = 0;
let seconds = 0;

/** Everything that ships as a guest: WIT beside it, one world. */
const shipped = [
  ...["double", "lists", "shapes", "texts", "values", "wide", "callers"].map(
    (name) => `tests/guests/${name}/${name}`,
  ),
  ...["ecg", "imu", "names"].map((name) => `examples/${name}/${name}`),
];

/** Guests of so many functions that every pair of calls takes minutes: one call a schedule. */
const large = ["tests/guests/texts/texts", "tests/guests/callers/callers"];

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
        calls: large.includes(path) ? 1 : defaultBounds.calls,
        contents: shippedContents(path),
      }),
    );
  });
}

for (const name of guestNames) {
  test(`no finding in any schedule of the guest ${name}`, async () => {
    requireSilence(
      await checkPrepared(await gateGuest(name), { ...defaultBounds, contents: guestContents(name) }),
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
    `figure: every schedule of ${String(shipped.length + guestNames.length)} guests, each built twice: ${count(schedules)} schedules, ${count(steps)} steps, ${seconds.toFixed(0)} s on one core, no finding`,
  );
  assert.ok(steps >= LEAST_STEPS);
});

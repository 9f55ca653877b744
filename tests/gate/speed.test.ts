import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { prepareGuest } from "../../tools/compile/guest-module.js";
import { buildChecking } from "../../tools/gate/instrumentation/checking-module.js";
import { defaultBounds, exploreModule } from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { packageRoot } from "../../tools/package-root.js";

/** Whole schedules, none cut short because its state was seen before. */
const SCHEDULES = 60_000;
const WARM_UP = 20_000;

test("how many schedules of double the gate runs in a second", async (t) => {
  const base = join(packageRoot, "tests", "guests", "double", "double");
  const guest = await prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` });
  const module = await buildChecking(guest, "announcing");
  const runner = new GuestRunner(module, planWorld(guest.world), { items: 4, idlePolls: 2 });
  const run = (schedules: number): ReturnType<typeof exploreModule> =>
    exploreModule(runner, { ...defaultBounds, calls: 1, seed: 1, schedules });
  run(WARM_UP);
  const { schedules, seconds, steps, discoveries } = run(SCHEDULES);
  assert.deepEqual(discoveries, []);
  assert.equal(schedules, SCHEDULES);
  const speed = Math.round(schedules / seconds).toLocaleString("en-US");
  const each = (steps / schedules).toFixed(1);
  t.diagnostic(`figure: double: ${speed} schedules a second on one core, each to its end, ${each} steps`);
});

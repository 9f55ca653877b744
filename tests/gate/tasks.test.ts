/**
 * Guests with several tasks at once, which the host calls back: the same rules, and tasks that begin at
 * waits.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { prepareGuest, type PreparedGuest } from "../../tools/compile/guest-module.js";
import { type Form, headOf, isForm } from "../../tools/compile/passes/s-expression.js";
import { checkPrepared, defaultBounds, exploreModule } from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { packageRoot } from "../../tools/package-root.js";
import { atTier } from "../tier.js";
import { without } from "./without-steps.js";

const TASKS = { wait: "callback", tasks: 2 } as const;

function turns(): Promise<PreparedGuest> {
  const path = (ending: string): string => join(packageRoot, "examples", "turns", `turns.${ending}`);
  return prepareGuest({ entry: path("ts"), wit: path("wit") });
}

test("no finding in any schedule of turns with two tasks", async () => {
  const bounds = { ...defaultBounds, ...TASKS, items: atTier(1, 2), calls: atTier(1, 2), seconds: 300 };
  const { findings, forms } = await checkPrepared(await turns(), bounds);
  assert.deepEqual(findings, []);
  for (const form of forms) assert.ok(form.complete, form.form);
});

function sets(form: Form, global: string, from: string): boolean {
  const value = form.items[2];
  return headOf(form) === "global.set" && form.items[1] === global && isForm(value, from);
}

/** Steps of what stands around a task, as the module has them. */
const steps: Readonly<Record<string, (form: Form) => boolean>> = {
  "a task that is called back takes its own block": (form) => sets(form, "$rill_task", "call"),
  "a task that begins leaves the list of free blocks": (form) => sets(form, "$rill_free", "i32.add"),
  "no task begins while no block is free": (form) =>
    isForm(form, "call") && form.items[1] === "$rill_backpressure_inc",
  "tasks may begin again when one is free": (form) =>
    isForm(form, "call") && form.items[1] === "$rill_backpressure_dec",
};

for (const [what, isLeftOut] of Object.entries(steps))
  test(`caught in turns with two tasks, without this: ${what}`, async () => {
    const guest = await turns();
    const checking = await without(guest, TASKS, isLeftOut);
    const runner = new GuestRunner(checking, planWorld(guest.world), { items: 2, idlePolls: 1 });
    const found = exploreModule(runner, { ...defaultBounds, items: 2, first: true }).discoveries;
    assert.ok(found.length > 0);
  });

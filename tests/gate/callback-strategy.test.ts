/** Guests of strategy `callback`, which the host calls back: the same rules, the same schedules. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type PreparedGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { type Form, headOf, isForm, operands } from "../../tools/compile/passes/s-expression.js";
import {
  type CheckBounds,
  type CheckResult,
  checkPrepared,
  defaultBounds,
  exploreModule,
} from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { packageRoot } from "../../tools/package-root.js";
import { calledBackContents } from "./contents.js";
import { calledBackGuests, gateGuest, sourceOf, withSource } from "./gate-guests.js";
import { without } from "./without-steps.js";
import { boundsOf } from "./every-guest.js";
import { atTier } from "../tier.js";

const CALLED_BACK = { wait: "callback" } as const;

/** Guests that may be cancelled at so many waits that pairs of calls are for the night, beside `hurried`. */
const long: Readonly<Record<string, Partial<CheckBounds>>> = {
  "start-call-then-read": { calls: atTier(1, defaultBounds.calls) },
  "write-to-a-call-then-read": { calls: atTier(1, defaultBounds.calls) },
};

function check(guest: PreparedGuest, name: string): Promise<CheckResult> {
  return checkPrepared(guest, {
    ...boundsOf(name),
    ...long[name],
    seconds: 300,
    wait: "callback",
    contents: calledBackContents(name),
  });
}

for (const name of [...calledBackGuests, "../silent/give-back-while-reading"]) {
  test(`no finding in any schedule of the guest ${name} that is called back`, async () => {
    const { findings, forms } = await check(await gateGuest(name), name);
    assert.deepEqual(findings, []);
    for (const form of forms) assert.ok(form.complete, form.form);
  });
}

for (const name of ["double", "ecg", "imu", "names"]) {
  test(`no finding in any schedule of ${name} that is called back`, async () => {
    const folder = name === "double" ? join("tests", "guests") : "examples";
    const base = join(packageRoot, folder, name, name);
    const guest = await prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` });
    const { findings, schedules } = await check(guest, name);
    assert.deepEqual(findings, []);
    assert.ok(schedules > 0);
  });
}

const faults = [
  {
    name: "start-call-then-read",
    file: "bindings/gather-import.ts",
    find: "    question = keep_array<string>(question);\n",
    replace: "",
  },
  {
    name: "write-joined-strings",
    file: "arena.ts",
    find: "  top = ptr + byteLength - TASK_REGION;\n",
    replace: "",
  },
  {
    name: "collect-then-resolve",
    file: "stream/reader.ts",
    find: "if (result == BLOCKED) return this.withdraw();",
    replace: "if (result == BLOCKED) return 0;",
  },
  {
    name: "collect-then-resolve",
    file: "bindings/sum.ts",
    find: "end_cancelled();",
    replace: "",
  },
] as const;

for (const { name, file, find, replace } of faults) {
  test(`caught in ${name}, which is called back: ${find.trim()} becomes ${replace || "nothing"}`, async () => {
    const guest = await gateGuest(name);
    const text = sourceOf(guest, file);
    assert.ok(text.includes(find), "the fault no longer applies");
    const { findings } = await check(withSource(guest, file, text.replace(find, replace)), name);
    assert.ok(findings.length > 0);
  });
}

/** Where the library has events written, in guests without an arena. */
const EVENT = 4;

/**
 * Whether `form`, in what is called back, stores what the host passed it: parameter 1, the waitable, or 2,
 * the payload.
 */
function storesPassed(form: Form, func: Form, parameter: 1 | 2): boolean {
  const [address, value] = operands(form);
  return (
    headOf(form) === "i32.store" &&
    (func.items[1] as string).includes("|entered") &&
    isForm(address, "i32.const") &&
    Number(address.items[1]) === EVENT + 4 * (parameter - 1) &&
    isForm(value, "local.get") &&
    value.items[1] === `$${parameter}`
  );
}

for (const [what, parameter] of [
  ["waitable", 1],
  ["payload", 2],
] as const) {
  test(`caught in caller, which is called back: the callback does not write the event's ${what} down`, async () => {
    const guest = await gateGuest("write-to-a-call-then-read");
    const checking = await without(guest, CALLED_BACK, (form, func) => storesPassed(form, func, parameter));
    const runner = new GuestRunner(checking, planWorld(guest.world), { items: 2, idlePolls: 1 });
    const found = exploreModule(runner, defaultBounds).discoveries.map(({ rule }) => rule);
    assert.ok(found.includes("unwritten-read"), found.join());
  });
}

/**
 * Steps of the strategy's own code, as the module has them, without which any
 * guest that is called back is wrong.
 */
const steps: Readonly<Record<string, (form: Form, func: Form) => boolean>> = {
  "the payload of an event is stored": (form, func) => storesPassed(form, func, 2),
  "the place to go on at is noted": (form) =>
    headOf(form) === "global.set" && (form.items[1] as string).startsWith("$rill_at|"),
  "no other task begins meanwhile": (form) =>
    headOf(form) === "call" && form.items[1] === "$rill_backpressure_inc",
  "another may begin afterwards": (form) =>
    headOf(form) === "call" && form.items[1] === "$rill_backpressure_dec",
};

for (const [what, isLeftOut] of Object.entries(steps))
  test(`caught in errands, which is called back, without this: ${what}`, async () => {
    const guest = await gateGuest("two-calls-cancel-one");
    const bounds = { ...defaultBounds, items: 2, first: true };
    const checking = await without(guest, CALLED_BACK, isLeftOut);
    const runner = new GuestRunner(checking, planWorld(guest.world), { items: bounds.items, idlePolls: 2 });
    assert.notEqual(exploreModule(runner, bounds).discoveries[0]?.rule ?? "none", "none");
  });

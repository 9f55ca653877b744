/** Guests of strategy `callback`, which the host calls back: the same rules, the same schedules. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type PreparedGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { type CheckResult, checkPrepared, defaultBounds } from "../../tools/gate/check-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { guestContents } from "./contents.js";
import { gateGuest, sourceOf, withSource } from "./gate-guests.js";

function check(guest: PreparedGuest, name: string): Promise<CheckResult> {
  return checkPrepared(guest, { ...defaultBounds, wait: "callback", contents: guestContents(name) });
}

for (const name of ["labels", "between", "gather", "letters", "errands", "overlap", "caller", "total"]) {
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
    name: "gather",
    file: "bindings/gather-import.ts",
    find: "    question = keep_array<string>(question);\n",
    replace: "",
  },
  { name: "labels", file: "arena.ts", find: "  top = ptr + byteLength - TASK_REGION;\n", replace: "" },
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

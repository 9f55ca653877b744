/** Guests of strategy `callback`, which the host calls back: the same rules, the same schedules. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type PreparedGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import {
  type CheckResult,
  checkPrepared,
  defaultBounds,
  exploreModule,
} from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import { assemble, compileChecking, finalModule } from "../../tools/gate/instrumentation/checking-module.js";
import { planWorld } from "../../tools/gate/model/plan.js";
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

const stores = [
  [
    "payload",
    /\(i32\.store offset=4\s+(?:;;@[^\n]*\s+)?\(global\.get \$rill_event\)\s+\(local\.get \$\w+\)\s*\)/,
  ],
  ["waitable", /\(i32\.store\s+\(global\.get \$rill_event\)\s+\(local\.get \$\w+\)\s*\)/],
] as const;

for (const [what, store] of stores) {
  test(`caught in caller, which is called back: the callback does not write the event's ${what} down`, async () => {
    const guest = await gateGuest("caller");
    const options = { wait: "callback" } as const;
    const compiled = await compileChecking(guest, "announcing", options);
    const { text, dataEnd, lines, objects } = finalModule(guest, compiled, "announcing", options);
    assert.match(text, store);
    const module = assemble(text.replace(store, "(nop)"), dataEnd, "announcing", lines, objects);
    const runner = new GuestRunner(module, planWorld(guest.world), { items: 2, idlePolls: 1 });
    const found = exploreModule(runner, defaultBounds).discoveries.map(({ rule }) => rule);
    assert.ok(found.includes("unwritten-read"), found.join());
  });
}

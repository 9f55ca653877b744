import assert from "node:assert/strict";
import { test } from "node:test";
import type { RuleName } from "../../tools/gate/rules.js";
import { firstRule, gateGuest, wrongGuestNames } from "./gate-guests.js";

/** What each guest of `wrong/` breaks, whatever the library does. */
const breaks: Readonly<Record<string, readonly RuleName[]>> = {
  peek: ["guest-trap", "lent-read"],
  "keep-item": ["arena-after-reset"],
  "reset-in-flight": ["arena-after-reset"],
  "overwrite-header": ["outside-element"],
  "write-past-block": ["arena-after-reset", "outside-element"],
  "change-in-flight": ["lent-write"],
  "free-list": ["arena-after-reset"],
  "read-past-buffer": ["outside-element"],
  "step-before-buffer": ["outside-element"],
  "write-past-buffer": ["outside-element"],
  "past-literal": ["outside-element"],
  "field-never-written": ["unwritten-item"],
  "field-left": ["unwritten-item"],
  "progress-ignored": ["unwritten-read"],
  "buffer-half-filled": ["unwritten-item"],
  "block-never-filled": ["unwritten-item"],
  "barge-second-function": ["arena-after-reset"],
  "drop-while-lent": ["illegal-call"],
  "use-after-taken": ["handle-after-drop", "illegal-call"],
  "land-while-reading": ["arena-after-reset"],
  "keep-set": ["handle-leaked"],
  "place-after-release": ["place-after-release"],
  "place-released-twice": ["place-after-release"],
  "end-after-drop": ["place-after-release"],
  "keep-parameter": ["arena-after-reset"],
  "keep-object": ["arena-after-reset"],
  "use-after-covered": ["arena-after-reset"],
  "use-after-long": ["arena-after-reset"],
  "use-after-scope": ["arena-after-reset"],
  "hand-on-in-flight": ["guest-trap"],
  "hand-on-twice": ["guest-trap"],
};

test("every wrong guest is expected to break something", () => {
  assert.deepEqual(Object.keys(breaks).sort(), wrongGuestNames);
});

for (const [name, rules] of Object.entries(breaks)) {
  test(`caught: the guest ${name}, which is wrong itself`, async () => {
    const found = await firstRule(await gateGuest(`../wrong/${name}`));
    assert.ok(found !== null && found !== "never-returns", `found ${found}`);
    assert.ok(rules.includes(found), `found ${found}, expected ${rules.join(" or ")}`);
  });
}

/** The gate's seeded faults, in guests as C under the sanitizers: which of them a caller sees. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gateGuest, sourceOf, withSource } from "../gate/gate-guests.js";
import { seededFaults } from "../gate/seeded-faults.js";
import { isLong } from "../tier.js";
import { seenOf } from "./faulty-runs.js";

const SCHEDULE =
  "files play three schedules of a host, and this takes another: one that leaves, or answers, at another moment";
const MEMORY =
  "a guest's memory is one array to C: a slot that is lent, or what lies beside it, is as good as any byte";

/** Faults that are not seen so, each with the reason; the gate finds them. */
const unseen: Readonly<Record<string, string>> = {
  "the reader's cancel ignores what the cancel answered": SCHEDULE,
  "the writer's cancel ignores what the cancel answered": SCHEDULE,
  "the reader's cancel asks the host for nothing": SCHEDULE,
  "the writer's cancel asks the host for nothing": SCHEDULE,
  "a cancel forgets that the other end is gone": SCHEDULE,
  "an end is not put back into its set after a cancel": SCHEDULE,
  "a cancel is made while the end is in the set": SCHEDULE,
  "a new operation keeps the status of the one before": SCHEDULE,
  "a start begins a read on a stream whose writer is gone": SCHEDULE,
  "a write without an argument looks at the slot before the copy in flight is over": MEMORY,
  "next gives up at DROPPED although an item came with it": SCHEDULE,
  "next asks again after DROPPED": SCHEDULE,
  "writeOne stores its item while a write is in flight": MEMORY,
  "taken answers for the item before when the reader refused the last": SCHEDULE,
  "the slot lies on the operation's last word": MEMORY,
  "all ends are in one set, and a wait takes another end's event for its own":
    "one copy is in flight at a time, and the C host, as the reference, tells an end that is idle nothing; other hosts may",
  "STARTED is taken for RETURNED: the result is read before it is there":
    "a call that is passed on has started when it comes back: no event says so",
};

/** Of every change: the published Rust runtime's fault, a drop in flight, a lost set, an item too many. */
const OF_EVERY_CHANGE = [0, 4, 17];

/** In place of a guest whose import has streams, which the C host's program does not pass on. */
const STAND_INS: Readonly<Record<string, string>> = { "write-to-a-call-then-read": "call-while-reading" };

const right = new Map<string, Promise<string[]>>();

const faults = seededFaults.filter((_, index) => isLong || OF_EVERY_CHANGE.includes(index));
for (const { name, file, find, replace, guest: own, arenaBytes } of faults)
  test(`${name in unseen ? "not seen, as is known" : "seen"}: ${name}`, async () => {
    const guest = STAND_INS[own] ?? own;
    const whole = await gateGuest(guest);
    const expected = right.get(guest) ?? seenOf(whole, arenaBytes);
    right.set(guest, expected);
    const source = sourceOf(whole, file);
    assert.ok(source.includes(find), `the change applies to ${file}`);
    const faulty = withSource(
      whole,
      file,
      source.replaceAll(find, () => replace),
    );
    const seen = await seenOf(faulty, arenaBytes);
    if (name in unseen) assert.deepEqual(seen, await expected, unseen[name]);
    else assert.notDeepEqual(seen, await expected, `escaped on ${guest}`);
  });

test("whatever is not seen is a fault of the gate's", () => {
  const names = new Set(seededFaults.map(({ name }) => name));
  assert.deepEqual(
    Object.keys(unseen).filter((name) => !names.has(name)),
    [],
  );
});

/**
 * Imported functions begun with `start` whose parameters and results hold strings and
 * lists, while items of the same kind come.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { CopyPolicy } from "../../tools/host/tasks/host-loop.js";
import type { HostFunction } from "../../tools/host/calls/lower.js";
import { Trap } from "../../tools/host/values/trap.js";
import type { Value } from "../../tools/host/values/value.js";
import { type BuiltGuest, FuturesHost, buildTestGuest } from "./futures-host.js";

const MADE = "test:gathering/made";
const OUTSIDE = "test:gathering/outside";
let folder: string;
let guest: BuiltGuest;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-gathering-"));
  guest = await buildTestGuest("gathering", folder);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** When a call of the guest's starts and returns: as many turns of the loop later as told. */
type Delay = readonly [start: number, then: number];

/** A host function that takes its time. @param delays used in turn */
function slow(host: FuturesHost, delays: readonly Delay[], body: (text: string) => Value): HostFunction {
  let calls = 0;
  return (call) => {
    const [start, then] = delays[calls++ % delays.length]!;
    let [turn, text, over] = [0, "", false];
    const progress = (): boolean => {
      if (over) return false;
      if (turn === start) text = call.start()[0] as string;
      over = turn === start + then;
      if (over) call.return(body(text));
      turn++;
      return true;
    };
    if (start + then === 0) progress();
    else host.guest.loop.add({ progress });
    return undefined;
  };
}

function instance(policy: CopyPolicy, asking: readonly Delay[], looking: readonly Delay[]): FuturesHost {
  return new FuturesHost(
    guest,
    policy,
    (host) =>
      new Map([
        [`${OUTSIDE}#ask`, slow(host, asking, (text) => `${text}?`)],
        [`${OUTSIDE}#look`, slow(host, looking, (text) => [`(${text}`, `${text})`])],
      ]),
  );
}

test("each string stays whole, whatever comes first", () => {
  const turns = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1 });
  const policies = fc.constantFrom<CopyPolicy>("ready", "blocking");
  const texts = fc.array(fc.string({ maxLength: 30 }), { maxLength: 12 });
  fc.assert(
    fc.property(texts, policies, turns, turns, (items, policy, asking, looking) => {
      const host = instance(policy, asking, looking);
      const input = host.stream({ kind: "string" }, items);
      const expected = items.flatMap((text, i) => (i % 2 === 1 ? [text] : [`${text}?(${text}~${text}~)`]));
      assert.deepEqual(host.itemsOf(`${MADE}#gather`, [input]), expected);
    }),
    { numRuns: 300 },
  );
});

for (const delay of [
  [0, 0],
  [0, 1],
  [1, 1],
] as const) {
  test(`a call that outlives its task would land in memory that is given back: the guest traps, ${delay.join()}`, () => {
    assert.throws(() => instance("ready", [delay], []).guest.call(`${MADE}#abandon`, ["well"]), Trap);
  });
}

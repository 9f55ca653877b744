/** Calls of a guest's functions that go on side by side: begun, queued, cancelled, left behind; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-lanes-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("lanes", folder, "callback", { sideBySide: { calls: 3, tasks: 3 } });

/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
not begun
double: done
the same memory: refused
add: done
hold: done
begun: done
3
in the queue: done
begun: done
300
doubled: 2
on, on, on, on
10 are over: 0
while its code runs: refused, refused, refused
finish hold: done
7, 25
drop lamp on 7
doubled: 4 6
20 are over: 0
finish the one in the queue: done
begun: done
4
30 are over: 0
finish add: done
0 1139
finish double: done
doubled: 8
finish it again: done
double: done
double: done
finish the second: done
of the first: 2 4 6
of the second: 202 204 206
finish the first: done
pause: done
pause: done
hold: done
hold in the queue: done
drop lamp on 9
cancel what is in the queue: done
give up a nap of 40
cancel a pause: done
cancelled, on, on, cancelled
cancel it again: done
50 are over: 0
60 are over: 0
while its code runs: refused, refused, refused
finish hold: done
8, done
drop lamp on 8
hold: done
another ring: the ring's items have another length or alignment than the stream's or future's
after that: the ring's items have another length or alignment than the stream's or future's
gone, gone
run: the ring's items have another length or alignment than the stream's or future's
drop lamp on 1
start: done
hold: done
pause: done
pause: done
hold in the queue: done
drop lamp on 2
drop lamp on 1
gone, gone, gone
start: done
finish what is gone: refused
pause: done
5 are over: 0
finish: done
`;

test("as C, under the sanitizers", async () => {
  assert.equal(
    await runNativeSample(await guest, ["RILL_WITH_LISTS", "RILL_WITH_CALLS", "RILL_WITH_TASKS"]),
    printed,
  );
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest, ["LISTS", "TASKS"]), printed);
  });

/** Resources that the guest implements: made, lent, handed over and dropped by the firmware, and what must not be; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-meters-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("meters", folder);
/** As many as the firmware makes at once. */
const PLACES = "METERS_HOST_GUEST_RESOURCES=20u";

/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
new: held
add: done
read: done
3
fill: done
603
merge: done
handed over: not held
handed over as well: not held
merged: held
split: done
read: done
312
alive: done
2
drop: done
alive: done
1
drop: done
alive: done
0
row: done
total: done
8
after the call: held
of three: done
10203
turn: done
old: not held
of three: done
30201
once the guest has it: not held
sum: done
read: done
1056
read inside of a call: refused
drop inside of a call: refused
inside of a call: held
alive: done
1
drop: done
alive: done
0
shelf: done
put: done
put: done
sum: done
12
take: done
read: done
4
put: done
a meter is a shelf: not held
a meter is no shelf: refused
a shelf is no meter: refused
read inside of a call: refused
drop inside of a call: refused
inside of a call: held
alive: done
3
drop: done
read inside of a call: refused
drop inside of a call: refused
inside of a call: held
alive: done
1
drop: done
alive: done
0
many: done
136
drop: done
drop: done
none: not held
0: not held
dropped: not held
dropped again: refused
read dropped: refused
read none: refused
read a place behind all: refused
merge twice the same: refused
merge with dropped: refused
turn twice the same: refused
as before
sum with dropped: refused
as before
not handed over: held
not handed over: held
77
read inside of a call: refused
drop inside of a call: refused
inside of a call: held
alive: done
2
drop: done
drop: done
alive: done
0
another handle
the first one in its place: not held
drop: done
same twice: no such handle of a resource of the guest's own
of a guest that has trapped: not held
drop: no such handle of a resource of the guest's own
of a guest that is closed: not held
start: done
of the guest before: not held
read it: refused
dropped: no such handle of a resource of the guest's own
start: done
stale: done
use stale: no such handle of a resource of the guest's own
start: done
stale: done
drop stale: no such handle of a resource of the guest's own
start: done
hoard: no place is left for a resource of the guest's own
start: done
endless: too many destructors inside of each other
start: done
broken: done
drop broken: unreachable
start: done
drop broken inside: unreachable
start: done
other type: no such handle of a resource of the guest's own
start: done
a list out of its space: an argument or a result is no value of its type
start: done
light 2 and 1, beside 7: 3 and 4
lamp 3 dropped
lamp 4 dropped
swap: done
12 11
lamp 5 on
lamp 6 on
both: done
lamp 11 dropped
no place for two: no place is left for a handle of a resource
lamp 12 dropped
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, ["RILL_WITH_LISTS", "RILL_WITH_CALLS", PLACES]), printed);
});

if (isLong)
  test("over WAMR", async () => {
    // The engine's own words for the traps of destructors.
    const said = printed
      .replace("drop broken: unreachable", "drop broken: Exception: unreachable")
      .replace("drop broken inside: unreachable", "drop broken inside: a destructor traps");
    assert.equal(await runWamrSample(await guest, ["LISTS"], [PLACES]), said);
  });

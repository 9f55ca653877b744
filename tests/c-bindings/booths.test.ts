/** Calls side by side that are lent resources, the firmware's and the guest's, and are handed them; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-booths-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("booths", folder, "callback", { sideBySide: { calls: 4, tasks: 2 } });

/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
wait 1
lend: done
lent: lent
drop: refused
hand over: refused
hand over: not begun
read: done
wait 1
lend again: done
finish the later one: done
lent to one more: lent
finish: done
lent to none: held
211 331
drop: done
wait 1
first: done
wait 1
second: done
third: done
to be handed over: not held
drop: refused
handed over twice: refused
lend: refused
cancel the third: done
third: cancelled
not handed over: held
not handed over: held
in a list: done
to be handed over: not held
cancel it: done
not handed over: held
not handed over: held
again: done
wait 2
finish: done
handed over: not held
finish: done
finish: done
read: done
35
drop: done
drop: done
wait 3
begin: done
lent twice: lent
sum beside it: done
508
lent twice: lent
finish: done
1608
lent to none: held
one is none: refused
one is none: done
the other one: held
drop: done
wait 1
begin: done
cancel: done
asked: on
then: cancelled
lent to none: held
drop: done
wait 1
begin: done
closed: gone
closed: not held
start: done
of the guest before: not held
wait 1
begin: done
no place for one more: no place is left for a handle of a resource
first: gone
second: gone
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

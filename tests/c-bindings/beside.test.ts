/** Several calls of one imported function under way: ended in any order, twice, or after the guest has gone; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-beside-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("beside", folder, "wait", { sideBySide: { calls: 3, tasks: null } });

/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
gave up unasked: unasked
gave up unasked: unasked
gave up unasked: unasked
ended 3: well
ended 2: well
ended 1: well
three at once: done
60
once more: before
gave up unasked: unasked
ended 1: well
one: done
10, the place has another call: no call
no place: no call, no call: no call
ended 2: well
ended 1: well
fetch /one over 1
fetch /other over 0
ended 0: well
ended 1: well
drop link 1
drop link 0
fetch two: done
another page,the first page
ended 2: well
ended 1: well
upload two: done
9009
ended 2: well
ended 1: well
upload two: done
2002
gave up unasked: unasked
at once: well
at once again: before
gave up: well
gave up again: before
give up: done
60
gave up unasked: unasked
gave up unasked: unasked
gave up unasked: unasked
one more than there are places: more calls of a function are under way than it has places
trapped: no call
start: done
ended 2: well
ended 1: well
fetch /one over 3
fetch /other over 2
ended 2: too long
too long: the answer of a call is longer than its room
drop link 2
drop link 3
start: done
gave up unasked: unasked
gave up unasked: unasked
ended midway: the board has had enough
trapped: no call
start: done
its guest has gone: no call
gave up unasked: unasked
gave up unasked: unasked
ended 2: well
ended 1: well
two at once: done
30, its guest has gone: no call
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, ["RILL_WITH_LISTS", "RILL_WITH_CALLS"]), printed);
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest, ["LISTS"]), printed);
  });

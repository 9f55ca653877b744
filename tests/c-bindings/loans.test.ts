/** Lists of handles, and several at once: each is given back once, whatever happens; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-loans-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("loans", folder, "wait");

/** What the firmware prints, whatever runs the guest. */
const printed = `closed:
start: done
drop 1
drop 2
drop 3
three: done
10203
drop 1
drop 2
drop 3
drop 4
lend: done
10
lend none: done
0
drop 5
drop 6
hand in: done
11
drop 77
sort red
sort blue
red: 11drop 11
 10drop 10
, best 99
drop 99
blue: 21drop 21
 20drop 20
, best 50
drop 50
sort: done
drop 70
drop 7
renew beside 0: 20
renew beside 1: 21
drop 10
drop 11
drop 20
drop 21
renew: done
drop 30
drop 31
renew: done
all given back:
one handed in twice: a call passes a resource that it hands over as well
drop 5
drop 6
closed:
start: done
sort: no place is left for a handle of a resource
drop 70
drop 7
drop 10
drop 11
drop 12
drop 20
drop 21
drop 22
drop 50
closed:
start: done
drop 77
sort red
sort blue
sort: an argument or a result is no value of its type
drop 70
drop 7
drop 10
drop 99
drop 50
closed: 20
start: done
drop 14
renew: no place is left for a handle of a resource
drop 10
drop 20
drop 11
drop 21
drop 12
drop 22
drop 13
drop 23
closed:
start: done
lent and handed over: a call passes a resource that it hands over as well
drop 1
closed:
start: done
drop 2
drop 3
three for one place: no place is left for a handle of a resource
left: 1
drop 1
closed:
start: done
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, ["RILL_WITH_LISTS", "RILL_WITH_CALLS"]), printed);
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest, ["LISTS"]), printed);
  });

/** Strings and lists inside of other values, each way, also of functions that the firmware completes later; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-journal-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("journal", folder);
/** Room for 128 bytes of what a call passes. */
const ROOM = "JOURNAL_HOST_ROOM_BYTES=128";

/** What the firmware prints, whatever runs the guest. */
const printed = `put: 1 1 at 4 0 0 0, full: 1, copied: 0 1, 16
start: done
write: level 1, adc, data 9 8 7
write: level 2, a name that is longer than sixteen, data 9 8 7, code 1
write: level 2, too long, data 9 8 7
level 1, adc, data 9 8 7
level 2, too long, data 9 8 7
report: done
known: adc dac0
search: done
0 1
known: wörld x
blame 0 by wörld
search: done
fault 0 7
known: wörld x
blame 1 by wörld
search: done
fault 1 näme
known: wörld x
blame 2 by wörld
search: done
fault 2 1 2 65535
known: wörld x
search: done
fault 3
gather: done
level 2, night/too long, data 9 8 7, code 2
gather: done
error untitled: nothing under 1
send PUT, from: u/1, status: u/1, 3 bytes, 3 tries
forward: done
forwarded
send DELETE, from: , status: 404, 3 bytes, 3 tries
forward: done
write: level 1, x, data 9 8 7
write: level 2, y, data 9 8 7, code 1
no level: the bytes in memory are no value of their type
start: done
write: level 1, x, data 9 8 7
write: level 2, y, data 9 8 7, code 1
out of the space: a string is misaligned or reaches out of memory
start: done
write: level 1, a name that is longer than sixteen, data 9 8 7
no text: a string is not valid in its encoding
start: done
no room for the firmware: the host's space for strings and lists is too small
start: done
no value: the bytes in memory are no value of their type
start: done
a view that is too long: a string is misaligned or reaches out of memory
start: done
write: level 1, x, data 9 8 7
write: level 2, y, data 9 8 7, code 1
no room for the caller: the host's space for strings and lists is too small
start: done
send PUT, from: u, status: u, 3 bytes, 3 tries
too long an answer: the answer of a call is longer than its room
start: done
no level, later: the bytes in memory are no value of their type
start: done
known: wörld x
no fault: the bytes in memory are no value of their type
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, ["RILL_WITH_LISTS", "RILL_WITH_CALLS", ROOM]), printed);
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest, ["LISTS"], [ROOM]), printed);
  });

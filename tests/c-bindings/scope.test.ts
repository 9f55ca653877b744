/** Streams and futures of imported functions, and futures of exported ones, as rings; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-scope-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("scope", folder);

/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
run: done
point 70003 12
left: 1
run: done
point 70004 12
listen to 10
play at 8000
played -10
played -11
played -12
played -13
played -14
through: done
played -15
607
listen to 10
play at 8000
played -10
through, not to the end: done
played -11
207, then 0 left
send: done
9
send nothing: done
0
mark: done
point 5 -9
listen to 20
play at 8000
nobody reads: done
107
listen to 20
no ring: the firmware gives no ring for a stream or future
start: done
listen to 20
play at 8000
another ring: the ring's items have another length or alignment than the stream's or future's
start: done
play at 1
twice: a function is called again while a stream or future of it is open
start: done
no value: a future of the firmware's ends without its value
no point
start: done
a ring of others: the ring's items have another length or alignment than the stream's or future's
start: done
echo: done
7
tune to 20
tuned: done
13507
tune to 20
a ring of bytes: the ring's items have another length or alignment than the stream's or future's
start: done
loop: done
1 0 1
loop while it is open: refused
send: done
1 went through, 0
twice the same: refused
0
keep: done
kept: done
300
start: done
one twice: refused
none: refused
another ring: refused
1, drop 0, again 1
read what is offered: 2
read 0, 0
played 0
played 2
played 4
pack: done
played 6
played 8
8, 337, 0 0
store 4: into other items 3, read 0, again 2
played 0
played 1
played 2
played 3
played 4
played 5
over 0
unpack: done
75010
turn: done
turn again: refused
turn what came: done
0 1
4 more
unpack without places: no place is left for the end of a stream or future in a value
in use: 0, 1
start: done
store 4: into other items 3, read 0, again 2
passed on while it is read: no such end of a stream or future, or one that cannot be passed
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, ["RILL_WITH_CALLS"]), printed);
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest), printed);
  });

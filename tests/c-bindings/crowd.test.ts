/** More parameters than core functions take, of every kind; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-crowd-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("crowd", folder);

/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
many 250 -300 0.5 1099511627776 2 text 3:3 -8here 4000000000 12 yes
all: done
text-8here4000000212/12
in use: 1
later: done
text-8here4000000210/12;515
in use: 1
no kind: refused
in use: 2
out of the space: a string is misaligned or reaches out of memory
in use: 2
in use: 1
start: done
names: done
here0
there1
pick: done
picked 7
in use: 0
0 spot 0
1 spot 1
2 spot 2
fetch: done
5 6 7 
in use: 0
longer than its room: the host's space for strings and lists is too small
start: done
a ring without room: the ring's items have another length or alignment than the stream's or future's
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, ["RILL_WITH_LISTS", "RILL_WITH_CALLS"]), printed);
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest, ["LISTS"]), printed);
  });

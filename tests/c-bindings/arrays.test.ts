/** Lists of fixed length: alone, in values, as items; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-arrays-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("arrays", folder, "wait");

/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
send a0:a1:a2:a3:a4:a5
0.5 -2 left right 100
turned a5:a4:a3:a2:a1:a0
8 20.5 right30 left30 001
turn: done
asked 00:00:00:00:00:4d
asked 01:02:03:04:05:06
asked 07:08:09:0a:0b:0c
ask all: done
answered 00:00:00:00:00:b1
answered 01:02:03:04:05:6a
answered 07:08:09:0a:0b:70
sums: done
61001 -61001
61002 -61002
61003 -61003
no band: the bytes in memory are no value of their type
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, ["RILL_WITH_LISTS", "RILL_WITH_CALLS"]), printed);
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest, ["LISTS"]), printed);
  });

/** Strings and lists: views for the firmware, its memory for results; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-words-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("words", folder);
/** Room for 24 bytes of what a call passes. */
const SWITCHES = ["RILL_WITH_LISTS", "WORDS_HOST_ROOM_BYTES=24"];

/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
line 2: greeting wörld (15)
greet: done
hé, wörld (11)
draw 0 1
draw -1 500
draw -2 65535
above: done
7 8 (2)
none above: done
(0)
gather: done
all: 0 1 2 (10)
line 2: greeting  (9)
exact: done
line 2: greeting  (9)
no room: the host's space for strings and lists is too small
start: done
no room for the firmware: the host's space for strings and lists is too small
start: done
no text: a string is not valid in its encoding
start: done
line 2: greeting  (9)
no name: a string is not valid in its encoding
start: done
too long: a string or list is too long
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, SWITCHES), printed);
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest, ["LISTS"], SWITCHES.slice(1)), printed);
  });

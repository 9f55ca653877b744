/** Enums, flags, records, tuples and variants as C structs, in each position; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-values-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("panel", folder);
/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
show 1 1 0 0.5, level 1, channels 5
show 1 1 1 0.5, level 1, channels 5
show 1 1 2 0.5, level 1, channels 5
run: done
12 4294967296 -7
12 4294967297 -7
12 4294967298 -7
last: done
1 1 502 0.5
order 0
ask: done
order 1, go 4294967295
ask: done
250 -1099511627776 -5
order 2, to 502 0.5
ask: done
250 -1099511627776 -5
order 3, at 1 18446744073709551615
ask: done
250 -1099511627776 -5
ask: refused
single U+0061 2
turn: done
U+0063
no level: refused
first: done
error 2
show 1 1 3 0.5, level 1, channels 5
bad answer: an argument or a result is no value of its type
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest), printed);
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest), printed);
  });

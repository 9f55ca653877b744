/** Imported async functions: completed at once, later, twice and never; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-moves-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("moves", folder);
/** What the firmware prints, whatever runs the guest. */
const printed = `start: done
home
go 0 slow
go 1 fast
go 2 fast
follow: done
0
1
3
slept: a few times
go -7 slow
probe 2 -70000 1099511627776 0.5
both: done
996
go 1 slow
cancelled, nobody asked: done
1
go 1 slow
asked to stop
cancelled: done
0
go 1 slow
asked to stop
cancelled: done
0
go 1 slow
asked to stop
cancelled: done
1
go 1 slow
probe 2 -70000 1099511627776 0.5
bad answer: the result of a call is no value of its type
again: done
go 0 slow
two at once: a function is called again before its call is completed
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, ["RILL_WITH_CALLS"]), printed);
});

test("over WAMR", async () => {
  assert.equal(await runWamrSample(await guest), printed);
});

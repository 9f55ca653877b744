/** Scalars: imported functions, a stream beside a parameter, sync functions; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-bindings-"));
after(() => {
  rmSync(folder, { recursive: true });
});

/** What the firmware prints, whatever runs the guest. Four items are in the ring before the first is asked for. */
const printed = `start: done
pin 7 on
0
2
4
6
watch: done
8
10
count: done
-45
add: done
-69999999803
mix U+0061 1.5 -2.5 -7000000000
echo: done
U+0062
no letter: refused
mix U+0078 1.5 -2.5 -7000000000
bad answer: an argument or a result is no value of its type
after a trap: an argument or a result is no value of its type
again: done
refused by the firmware: there is no such pin
`;

const guest = sample("pins", folder);

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest), printed);
});

test("over WAMR", async () => {
  assert.equal(await runWamrSample(await guest), printed);
});

if (isLong)
  test("a guest that waits in its callback, with RILL_WITH_TASKS", async () => {
    const other = await sample("pins", folder, "callback");
    assert.equal(await runNativeSample(other, ["RILL_WITH_TASKS"]), printed);
  });

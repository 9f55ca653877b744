/** Resources of the firmware's: constructor, methods, lent and handed on, and what is no handle; as C and over WAMR. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLong } from "../tier.js";
import { runNativeSample, runWamrSample, sample } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-driver-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const guest = sample("driver", folder);
/** Five handles at once. */
const PLACES = "DRIVER_HOST_RESOURCES=5";

/** What the firmware prints, whatever runs the guest. */
const printed = `in use: 0
start: done
sensor 0 on 5: adc
drop sensor on 5
drop sensor on 100
sample: done
105
sensor 0 on 6: other
drop sensor on 6
sample: done
-2
attach 20 to bus 77
drop sensor on 21
drop bus 77
together: done
2
wait for -3 on 7
drop sensor on 7
settle: done
7
drop sensor on 58
drop sensor on 8
twins: done
58
drop sensor on 8
twins: done
0
kept: done
31
drop sensor on 31
made: done
32
turn: done
32 30
turn one: done
30 0
keep: done
keep too many: all sensors are taken
drop sensor on 40
drop sensor on 41
drop sensor on 42
drop sensor on 43
in use: 0
start: done
drop sensor on 1
wrong: no such handle of a resource
drop bus 77
in use: 0
start: done
attach 1 to bus 77
wrong: no such handle of a resource
drop bus 77
in use: 0
start: done
wrong: no such handle of a resource
drop sensor on 1
drop bus 77
in use: 0
start: done
wrong: no such handle of a resource
drop sensor on 1
drop bus 77
in use: 0
start: done
wrong: no such handle of a resource
drop sensor on 1
drop bus 77
in use: 0
start: done
wait for 0 on 1
wrong: a resource is handed on that is lent
drop sensor on 1
drop bus 77
in use: 0
start: done
wait for 0 on 1
wrong: a resource is dropped while a call has it lent
drop sensor on 1
drop bus 77
in use: 0
start: done
many: done
many handles: done
drop bus 77
too many handles: no place is left for a handle of a resource
drop sensor on 1
drop sensor on 2
drop sensor on 1
drop bus 77
drop sensor on 1
in use: 0
start: done
not given back: a resource that was lent to the guest is not dropped when its call ends
drop sensor on 0
in use: 0
start: done
in use: 0
`;

test("as C, under the sanitizers", async () => {
  assert.equal(await runNativeSample(await guest, ["RILL_WITH_LISTS", "RILL_WITH_CALLS", PLACES]), printed);
});

if (isLong)
  test("over WAMR", async () => {
    assert.equal(await runWamrSample(await guest, ["LISTS"], [PLACES]), printed);
  });

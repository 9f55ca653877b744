/** What QEMU's log says of blocks: translated once, run often, not run, left in the midst for a device. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { executedInstructions } from "../../tools/boards/executed-blocks.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";

const FIRST = `----------------
IN: main
0x00000100:  b580       push     {r7, lr}
0x00000102:  f7ff fffe  bl       #0x200
`;
const SECOND = `----------------
IN: on_uart
0x00000200:  6801       ldr      r1, [r0]
0x00000202:  6003       str      r3, [r0]
0x00000204:  4770       bx       lr
`;
const REST = `----------------
IN: on_uart
0x00000202:  6003       str      r3, [r0]
`;
const runs = (place: string, pc: string): string =>
  `Trace 0: ${place} [00800400/${pc}/00000110/ff020200] f\n`;
const a = runs("0x7f00a", "00000100");
const b = runs("0x7f00b", "00000200");

async function timesIn(log: string): Promise<Record<string, number>> {
  return inTemporaryFolder("rill-log-", async (folder) => {
    const path = join(folder, "log");
    writeFileSync(path, log);
    const found = await executedInstructions(path);
    return Object.fromEntries([...found].map(([at, times]) => [at.toString(16), times]));
  });
}

test("each instruction of a block counts with each of its runs", async () => {
  assert.deepEqual(await timesIn(FIRST + a + SECOND + b + a + a), { 100: 3, 102: 3, 200: 1, 202: 1, 204: 1 });
});

test("a block in front of which the timers' instructions were used up did not run", async () => {
  const log = `${FIRST}${a}${a}Stopped execution of TB chain before 0x7f00a [00000100] main\n${a}`;
  assert.deepEqual(await timesIn(log), { 100: 2, 102: 2 });
});

test("an access to a device in the midst of a block splits it, and counts once", async () => {
  const rewound = "cpu_io_recompile: rewound execution of TB to 00000202\n";
  const log = `${SECOND}${b}${rewound}${REST}${runs("0x7f00c", "00000202")}`;
  assert.deepEqual(await timesIn(log), { 200: 1, 202: 1 });
});

test("a place that QEMU uses again", async () => {
  assert.deepEqual(await timesIn(FIRST + a + SECOND + runs("0x7f00a", "00000200")), {
    ...{ 100: 1, 102: 1 },
    ...{ 200: 1, 202: 1, 204: 1 },
  });
});

test("a run of a block that was never translated is an error", async () => {
  await assert.rejects(timesIn(b), /no instructions of the block at 0x7f00b/);
});

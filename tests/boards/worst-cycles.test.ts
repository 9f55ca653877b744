/** The bound in cycles against the board: no item takes more, and what was not measured has no bound. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { buildFirmware } from "../../tools/boards/firmware.js";
import { mostCycles } from "../../tools/boards/core-cycles.js";
import { COST_TABLES } from "../../tools/boards/cost-tables.js";
import { countCycles } from "../../tools/boards/instruction-trace.js";
import { worstCyclesOn } from "../../tools/boards/worst-cycles.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { packageRoot } from "../../tools/package-root.js";
import { workloads } from "../../bench/workloads.js";
import { core, image } from "./guests.js";

const board = findBoard("lm3s811evb");
const FEW = 10;
const MANY = 30;

for (const [name, boardName, timed] of [
  ["double", "lm3s811evb", "cortex-m3"],
  ["ecg", "lm3s811evb", "cortex-m3"],
  ["double", "microbit", "cortex-m0"],
] as const) {
  test(`${name}: an item takes ${boardName} no more than the bound, ready or blocked`, async () => {
    const board = findBoard(boardName);
    const { per, cycles, obstacles } = await worstCyclesOn(board, await core(name));
    assert.equal(per, "item");
    assert.ok(cycles !== null, obstacles.join("; "));
    const firmware = await buildFirmware(board);
    const packed = await image(name);
    const input = workloads.find((workload) => workload.name === name)!.input(2 * MANY);
    for (const policy of ["ready", "turns"] as const) {
      const total = async (items: number): Promise<number> => {
        const counted = await countCycles(timed, firmware, {
          board,
          images: [{ address: board.images.start, bytes: packed }],
          stream: () => input,
          timeout: 120_000,
          policy,
          rate: 0,
          items,
        });
        return Object.values(counted.cycles).reduce((sum, part) => sum + part, 0);
      };
      const measured = ((await total(MANY)) - (await total(FEW))) / (MANY - FEW);
      console.log(
        JSON.stringify({ name, board: boardName, policy, measured: Math.round(measured), bound: cycles }),
      );
      assert.ok(measured > 1000 && measured <= cycles, `${policy}: ${measured} of ${cycles}`);
    }
  });
}

test("what was not measured has no bound, and says so; a board without a table, too", async () => {
  const imu = await worstCyclesOn(board, await core("imu"));
  assert.equal(imu.cycles, null);
  assert.ok(imu.obstacles.includes("an instruction whose time its values decide"), imu.obstacles.join());
  assert.deepEqual(Object.keys(COST_TABLES).sort(), ["lm3s811evb", "microbit"]);
  const other = await worstCyclesOn(findBoard("netduinoplus2"), await core("double"));
  assert.deepEqual([other.cycles, other.obstacles], [null, ["no costs were measured there"]]);
});

test("the report says it where a board is named, beside the bound in instructions", async () => {
  const { stdout } = spawnSync(
    process.execPath,
    [join(packageRoot, "bin", "rill.js"), "report", await core("double"), "--board", board.name],
    { encoding: "utf8" },
  );
  assert.match(
    stdout.replaceAll(/\n +/g, " "),
    /at most \d+ instructions per item .*at most [\d,]+ cycles per item on lm3s811evb, interrupts and wait states apart/,
  );
});

test("cycles of instructions, as Arm's manuals have them", () => {
  for (const [mnemonic, operands, m3, m0] of [
    ["adds", "r0, r1, r2", 1, 1],
    ["ldr.w", "r0, [r1, #4]", 2, 2],
    ["ldr.w", "pc, [r3, r2, lsl #2]", 5, 5],
    ["push", "{r4, r5, r6, r7, lr}", 6, 6],
    ["ldmia.w", "sp!, {r4-r8, pc}", 10, 10],
    ["beq.n", "1234 <f>", 4, 3],
    ["bls.n", "1234 <f>", 4, 3],
    ["bl", "1234 <f>", 4, 4],
    ["bx", "lr", 4, 3],
    ["cbz", "r0, 12", 4, 3],
    ["mov", "pc, r2", 4, 4],
    ["muls", "r0, r1", 2, 32],
    ["udiv", "r0, r1, r2", 12, 12],
    ["umull", "r0, r1, r2, r3", 7, 32],
    ["bic.w", "r0, r1, #3", 1, 1],
  ] as const) {
    assert.equal(mostCycles("cortex-m3", mnemonic, operands), m3, `${mnemonic} ${operands}`);
    assert.equal(mostCycles("cortex-m0", mnemonic, operands), m0, `${mnemonic} ${operands}`);
  }
});

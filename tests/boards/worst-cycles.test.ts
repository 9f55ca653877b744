/** The bound in cycles and the mean against the board: no item takes more; unmeasured, there is no bound. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildFirmware } from "../../tools/boards/firmware.js";
import { mostCycles, timedCore } from "../../tools/boards/core-cycles.js";
import { COST_TABLES } from "../../tools/boards/cost-tables.js";
import { countCycles } from "../../tools/boards/instruction-trace.js";
import { meanCyclesOn } from "../../tools/boards/mean-cycles.js";
import { worstCyclesOn } from "../../tools/boards/worst-cycles.js";
import { BOARDS, findBoard } from "../../tools/pack/board-table.js";
import { packageRoot } from "../../tools/package-root.js";
import { workloads } from "../../bench/workloads.js";
import { isLong } from "../tier.js";
import { core, image, words } from "./guests.js";

const board = findBoard("lm3s811evb");
const ITEMS = 40;

// Each core and each guest; the night has one pair more.
for (const [name, boardName] of [
  ...(isLong ? ([["double", "lm3s811evb"]] as const) : []),
  ["ecg", "lm3s811evb"],
  ["double", "microbit"],
  ["double", "netduinoplus2"],
] as const) {
  test(`${name}: an item takes ${boardName} no more than the bound, ready or blocked`, async () => {
    const on = findBoard(boardName);
    const { per, cycles, obstacles } = await worstCyclesOn(on, await core(name));
    assert.equal(per, "item");
    assert.ok(cycles !== null, obstacles.join("; "));
    const input = workloads.find((workload) => workload.name === name)!.input(ITEMS);
    const mean = await meanCyclesOn(on, await core(name), () => [input]);
    console.log(JSON.stringify({ name, board: boardName, ...mean, bound: cycles }));
    assert.ok(mean !== null && mean.ready > 1000 && mean.ready < mean.blocking);
    assert.ok(mean.blocking <= cycles, `${mean.blocking} of ${cycles}`);
  });
}

test("the mean is what the board's own firmware takes, but for the feed", async () => {
  const firmware = await buildFirmware(board);
  const packed = await image("double");
  const mean = (await meanCyclesOn(board, await core("double"), () => [words(Array(ITEMS).keys())]))!;
  for (const [policy, found] of [
    ["ready", mean.ready],
    ["turns", mean.blocking],
  ] as const) {
    const total = async (items: number): Promise<number> => {
      const { cycles } = await countCycles(timedCore(board)!, firmware, {
        board,
        images: [{ address: board.images.start, bytes: packed }],
        stream: () => new Uint8Array(0),
        policy,
        rate: 0,
        items,
      });
      return Object.values(cycles).reduce((sum, part) => sum + part, 0);
    };
    const own = ((await total(ITEMS)) - (await total(ITEMS / 2))) / (ITEMS / 2);
    assert.ok(Math.abs(found - own) < own / 20, `${policy}: ${found}, with counts for items ${own}`);
  }
});

test("the mean is of the items that are given; there is none without room, or for less than two", async () => {
  const guest = await core("ecg");
  const { input } = workloads.find(({ name }) => name === "ecg")!;
  const still = await meanCyclesOn(board, guest, () => [new Uint8Array(2 * ITEMS)]);
  const beats = await meanCyclesOn(board, guest, () => [input(ITEMS)]);
  // A tenth; the serial line's waits make some thousandths.
  const difference = Math.abs(beats!.ready - still!.ready);
  assert.ok(difference > 0.05 * still!.ready, `${beats!.ready} for beats, ${still!.ready} for zeros`);
  assert.equal(await meanCyclesOn(board, guest, () => [new Uint8Array(2)]), null);
  const small = { ...board, images: { ...board.images, length: 1024 } };
  assert.equal(await meanCyclesOn(small, guest, () => [input(ITEMS)]), null);
});

test("what was not measured has no bound, and says so; every core that has a table of times was", async () => {
  const imu = await worstCyclesOn(board, await core("imu"));
  assert.equal(imu.cycles, null);
  assert.ok(imu.obstacles.includes("an instruction whose time its values decide"), imu.obstacles.join());
  const timed = BOARDS.filter((known) => timedCore(known) !== null).map(({ name }) => name);
  assert.deepEqual(Object.keys(COST_TABLES).sort(), timed.sort());
  const untimed = findBoard("hifive1");
  assert.deepEqual(await worstCyclesOn(untimed, await core("double")), {
    export: "[async-lift]my:test/i#double",
    per: "item",
    cycles: null,
    obstacles: ["an instruction on a core without a table of times"],
  });
  assert.equal(await meanCyclesOn(untimed, await core("double"), () => [words([1, 2, 3])]), null);
});

test("the report says both where a board is named, beside those in instructions", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rill-worst-cycles-"));
  try {
    const items = join(folder, "x.bin");
    writeFileSync(items, words(Array(ITEMS).keys()));
    const args = ["report", await core("double"), "--board", board.name, "--run", "--in", `x=${items}`];
    const { stdout } = spawnSync(process.execPath, [join(packageRoot, "bin", "rill.js"), ...args], {
      encoding: "utf8",
    });
    assert.match(
      stdout.replaceAll(/\n +/g, " "),
      /at most \d+ instructions per item .*measured: 26 with .*at most [\d,]+ cycles per item on lm3s811evb, interrupts and wait states apart measured on lm3s811evb: about [\d,]+ cycles with every copy ready, [\d,]+ with every copy blocked \(mean of items 21 to 40\)/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("cycles of instructions, as Arm's manuals have them", () => {
  for (const [mnemonic, operands, m0, m3, m4] of [
    ["adds", "r0, r1, r2", 1, 1, 1],
    ["ldr.w", "r0, [r1, #4]", 2, 2, 2],
    ["ldr.w", "pc, [r3, r2, lsl #2]", null, 5, 5],
    ["ldrd", "r0, r1, [r2]", null, 3, 3],
    ["push", "{r4, r5, r6, r7, lr}", 6, 6, 6],
    ["pop", "{r4, r5, pc}", 7, 7, 7],
    ["ldmia.w", "sp!, {r4-r8, pc}", null, 10, 10],
    ["popgt", "{r4, pc}", null, 6, 6],
    ["beq.n", "1234 <f>", 3, 4, 4],
    ["bls.n", "1234 <f>", 3, 4, 4],
    ["bl", "1234 <f>", 4, 4, 4],
    ["bleq", "1234 <f>", null, 4, 4],
    ["blx", "r3", 3, 4, 4],
    ["bx", "lr", 3, 4, 4],
    ["bxne", "lr", null, 4, 4],
    ["cbz", "r0, 12", null, 4, 4],
    ["tbb", "[pc, r1]", null, 5, 5],
    ["mov", "pc, r2", 3, 4, 4],
    ["add", "pc, r2", 3, 4, 4],
    ["muls", "r0, r1", 32, 1, 1],
    ["mla", "r0, r1, r2, r3", null, 2, 2],
    ["mls", "r0, r1, r2, r3", null, 2, 2],
    ["udiv", "r0, r1, r2", null, 12, 12],
    ["umull", "r0, r1, r2, r3", null, 5, 1],
    ["umlal", "r0, r1, r2, r3", null, 7, 1],
    ["mrs", "r0, PRIMASK", 4, 4, 4],
    ["bic.w", "r0, r1, #3", null, 1, 1],
  ] as const) {
    const name = `${mnemonic} ${operands}`;
    if (m0 !== null) assert.equal(mostCycles("cortex-m0", mnemonic, operands), m0, name);
    assert.equal(mostCycles("cortex-m3", mnemonic, operands), m3, name);
    assert.equal(mostCycles("cortex-m4", mnemonic, operands), m4, name);
  }
  assert.throws(() => mostCycles("cortex-m4", "vadd.f32", "s0, s1, s2"));
});

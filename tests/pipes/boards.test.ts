/** Guests in a row on emulated boards, in a firmware without an interpreter: V8's items, figures, a trap. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildRowFirmware, symbolsOf } from "../../tools/boards/firmware.js";
import { runOnQemu } from "../../tools/boards/qemu.js";
import type { BoardReport } from "../../tools/boards/serial-link.js";
import { boardRow } from "../../tools/native/board-row.js";
import { packageRoot } from "../../tools/package-root.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { planPipeline } from "../../tools/run/pipeline/plan-pipeline.js";
import { rowOf } from "../../tools/run/pipeline/row-of-plans.js";
import { pausingGuest } from "./pausing-guest.js";
import { BOARD, rowGuests } from "./row-guests.js";
import { words } from "../boards/guests.js";

const DOUBLE = "my:test/i#double";
const NUMBERS = "test:row/numbers#";
const VALUES = "test:row-more/values#";

let folder: string;
/** Paths of core modules. */
const cores = { wait: "", callback: "", numbers: "", texts: "", values: "", clock: "" };

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-board-row-"));
  Object.assign(cores, await rowGuests(folder));
  writeFileSync(join(folder, "x.csv"), "value\n1\n2\n3\n4\n");
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly report: BoardReport;
  readonly flash: number;
  /** Static, and the native stack as far as it was used. */
  readonly ram: number;
}

/** Runs a row, each guest as `FILE#FUNCTION`. @param values `PARAM=VALUE` */
async function ran(
  name: string,
  row: readonly string[],
  inputs = ["1.x"],
  values: readonly string[] = [],
): Promise<Ran> {
  const [first, ...then] = row;
  const at = first!.indexOf("#");
  const [core, call] = [first!.slice(0, at), first!.slice(at + 1)];
  const board = findBoard(name);
  const plans = planPipeline(core, {
    in: [...inputs.map((input) => `${input}=${join(folder, "x.csv")}`), ...values],
    then,
    host: "board",
    call,
  });
  const firmware = await buildRowFirmware(board, await boardRow(rowOf(plans), board));
  const stream = (): Uint8Array => words([1, 2, 3, 0xffff_ffff, 40]);
  const { elf } = firmware;
  const report = await runOnQemu({
    board,
    elf,
    images: [],
    policy: "line",
    rate: 0,
    stream,
    timeout: 90_000,
  });
  const symbols = await symbolsOf(firmware);
  const stack = report.ends[0]?.counts.stack ?? 0;
  const ram = symbols.get("__bss_stop")! - symbols.get("__stack_top")! + stack;
  return { report, flash: symbols.get("__flash_used")!, ram };
}

/** What a firmware with a row may take; docs/native.md has the same table. */
const figures = [
  { row: ["callback"], board: "lm3s811evb", flash: 13_000, ram: 1_350 },
  { row: ["callback", "callback"], board: "lm3s811evb", flash: 14_300, ram: 1_750 },
  { row: ["wait", "callback"], board: "microbit", flash: 15_000, ram: 1_900 },
] as const;

test("docs/native.md has these numbers", () => {
  const page = readFileSync(join(packageRoot, "docs", "native.md"), "utf8");
  const number = (value: number): string => value.toLocaleString("en");
  for (const { row, board, flash, ram } of figures) {
    const guests = row.length === 1 ? "one" : "two in a row";
    assert.ok(page.includes(`| ${guests} on ${board} | ${number(flash)} | ${number(ram)} |`), board);
  }
});

for (const { row, board, flash, ram } of figures)
  test(`${row.length} of double in a row on ${board}, built with --wait ${row.join(", ")}`, async (context) => {
    const used = await ran(
      board,
      row.map((wait) => `${cores[wait]}#${DOUBLE}`),
    );
    assert.deepEqual(used.report.errors, []);
    const factor = 2 ** row.length;
    const wanted = words([1, 2, 3, 0xffff_ffff, 40].map((value) => (value * factor) >>> 0));
    assert.equal(hex(used.report.outputs.get("0:01")!), hex(wanted));
    const figure = JSON.stringify({ flash: used.flash, ram: used.ram });
    context.diagnostic(figure);
    assert.ok(used.flash <= flash && used.ram <= ram, figure);
  });

test("a guest of a row that traps: which one it is, and what came until then", async () => {
  const { report } = await ran("microbit", [
    `${cores.callback}#${DOUBLE}`,
    `${cores.numbers}#${NUMBERS}boom`,
  ]);
  assert.deepEqual(
    report.errors.map(({ word, text }) => [word, text]),
    [["trap", "unreachable"]],
  );
  assert.ok(report.log.includes("trapped 1"), report.log.join("\n"));
  assert.equal(hex(report.outputs.get("0:01")!), hex(words([2, 4])));
});

test("two streams from outside, for the first guest and for the second", async () => {
  const row = [`${cores.callback}#${DOUBLE}`, `${cores.numbers}#${NUMBERS}add`];
  const { report } = await ran("microbit", row, ["1.x", "y"]);
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:02")!), hex(words([3, 6, 9, 0xffff_fffd, 120])));
});

test("a guest that hands its end on", async () => {
  const numbers = (name: string): string => `${cores.numbers}#${NUMBERS}${name}`;
  const { report } = await ran("microbit", [numbers("pass"), numbers("pass")]);
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:01")!), hex(words([1, 2, 3, 0xffff_ffff, 40])));
});

test("a guest that pauses until an item is there sees it come", async () => {
  const { report } = await ran("lm3s811evb", [await pausingGuest(folder)], ["1.input"]);
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:01")!), hex(words([1, 2, 3, 0xffff_ffff, 40])));
});

test("guests with values beside their stream, and one that is fed nothing", async () => {
  const numbers = (name: string): string => `${cores.numbers}#${NUMBERS}${name}`;
  const within = `${cores.values}#${VALUES}within`;
  const { report } = await ran(
    "lm3s811evb",
    [numbers("gen"), within, numbers("take")],
    [],
    [...['limits={"low":2,"high":4000}', "others=dropped", "factor=1.5", "more=1", "n=3"]],
  );
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:00")!), hex(words([4, 5, 7])));
});

test("strings go from guest to guest, and not over the serial line", async () => {
  const text = (name: string): string => `${cores.texts}#test:row/texts#${name}`;
  const { report } = await ran("microbit", [text("name"), text("shout"), text("measure")]);
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:01")!), hex(words([7, 7, 7, 16, 8])));
  await assert.rejects(
    ran("microbit", [text("name"), text("shout")]),
    /the result of shout has items with strings, lists or handles: a board feeds and reads only plain items/,
  );
});

test("the clock of a board, in two guests of a row at once", async () => {
  const spaced = `${cores.clock}#test:row-clock/spaced#space`;
  const { report } = await ran(
    "microbit",
    [spaced, spaced],
    ["1.x"],
    ["nanoseconds=2000000", "2.nanoseconds=3000000"],
  );
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:01")!), hex(words([1, 2, 3, 0xffff_ffff, 40])));
});

test("rill flash --native: functions that guests of a row import", () => {
  const file = join(folder, "board.mjs");
  writeFileSync(file, BOARD);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[join(packageRoot, "bin", "rill.js"), "flash", cores.callback, "--native", "--board", "microbit"],
      ...["--then", `${cores.values}#${VALUES}asked-later`, "--then", `${cores.values}#${VALUES}asked`],
      ...["--in", `1.x=${join(folder, "x.csv")}`, "--in", "plus=7", "--imports", file],
    ],
    { encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  assert.equal(stdout, "1027\n1047\n1067\n1087\n");
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

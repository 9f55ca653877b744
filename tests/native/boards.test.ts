/** Guests as C in a firmware without an interpreter: the answers of V8, its figures, what misbehaves. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildGuestFirmware, type Firmware, symbolsOf, variableBytes } from "../../tools/boards/firmware.js";
import { countInstructions } from "../../tools/boards/instruction-trace.js";
import { type QemuRun, runOnQemu } from "../../tools/boards/qemu.js";
import type { BoardReport } from "../../tools/boards/serial-link.js";
import { boardGuest } from "../../tools/native/board-guest.js";
import { type EmulatedBoard, findEmulatedBoard } from "../../tools/pack/board-table.js";
import { packageRoot } from "../../tools/package-root.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { onV8 } from "../boards/board-runs.js";
import { core, handMadeCore, words } from "../boards/guests.js";
import { isLong } from "../tier.js";
import { wrong } from "./wrong-guests.js";

const DOUBLE = "my:test/i#double";
const BEATS = "rill:ecg/detector#beats";
/** The first ten seconds of the recording. */
const SAMPLES = readFileSync(
  join(packageRoot, "examples", "ecg", "data", "ecg-mitdb-208-360hz.u16le"),
).subarray(0, 7200);

async function firmwareOf(
  board: EmulatedBoard,
  bytes: Uint8Array,
  call = DOUBLE,
  options: { readonly stack?: number } = {},
): Promise<Firmware> {
  const guest = await boardGuest("guest", bytes, moduleWorld("guest", bytes)!, call, board);
  return buildGuestFirmware(board, guest, options);
}

function run(
  board: EmulatedBoard,
  { elf }: Firmware,
  input: Uint8Array,
  options: Partial<QemuRun> = {},
): Promise<BoardReport> {
  const stream = (): Uint8Array => input;
  return runOnQemu({ board, elf, images: [], policy: "line", rate: 0, stream, timeout: 90_000, ...options });
}

/** What a native firmware may take, as docs/native.md says. QEMU's AVR does not count what it runs. */
const figures = [
  { guest: "double", board: "lm3s811evb", flash: 10_000, ram: 1_250, ready: 420 },
  { guest: "double", board: "microbit", flash: 10_600, ram: 1_400, ready: 500 },
  { guest: "ecg", board: "lm3s811evb", flash: 10_700, ram: 1_400, ready: 260 },
  { guest: "ecg", board: "microbit", flash: 11_300, ram: 1_550, ready: 410 },
  { guest: "double", board: "hifive1", flash: 11_900, ram: 1_550, ready: 490 },
  { guest: "ecg", board: "hifive1", flash: 12_700, ram: 1_700, ready: 440 },
  { guest: "double", board: "uno", flash: 12_000, ram: 900, ready: null },
  { guest: "ecg", board: "uno", flash: 15_000, ram: 1_050, ready: null },
] as const;

test("docs/native.md has these numbers", () => {
  const page = readFileSync(join(packageRoot, "docs", "native.md"), "utf8");
  const number = (value: number | null): string => value?.toLocaleString("en") ?? "";
  for (const { guest, board, flash, ram, ready } of figures)
    assert.ok(
      page.includes(`| ${guest} on ${board} | ${number(flash)} | ${number(ram)} | ${number(ready)} |`),
      guest,
    );
});

for (const { guest, board: name, flash, ram, ready } of figures) {
  if (!isLong && name === "hifive1" && guest === "ecg") continue;
  test(`${guest} on ${name}: the items of V8, within its budgets`, async (context) => {
    const board = findEmulatedBoard(name);
    const path = await core(guest);
    const firmware = await firmwareOf(board, readFileSync(path), guest === "double" ? DOUBLE : BEATS);
    const input = guest === "double" ? words([1, 2, 3, 0xffffffff, 40]) : SAMPLES;
    const report = await run(board, firmware, input);
    assert.deepEqual(report.errors, []);
    const wanted = onV8(path, guest === "double" ? { x: input } : { samples: input });
    assert.equal(Buffer.from(report.outputs.get("0:01")!).toString("hex"), wanted.toString("hex"));
    const used = {
      ...(await bytesOf(board, firmware)),
      ...(ready !== null && (await countsOf(board, firmware))),
    };
    context.diagnostic(JSON.stringify(used));
    assert.ok(
      used.flash <= flash && used.ram <= ram && (used.ready ?? 0) <= (ready ?? 0),
      JSON.stringify(used),
    );
  });
}

interface Used {
  readonly flash: number;
  readonly ram: number;
  /** Instructions an item. */
  readonly ready?: number;
}

const none = new Uint8Array(0);

/** As `npm run bench:boards` measures the firmware with WAMR. */
async function bytesOf(board: EmulatedBoard, firmware: Firmware): Promise<Used> {
  const symbols = await symbolsOf(firmware);
  const slow = await run(board, firmware, none, { policy: "hold", rate: 1000, items: 500, shift: 10 });
  return { flash: symbols.get("__flash_used")!, ram: variableBytes(symbols) + slow.ends[0]!.counts.stack! };
}

async function countsOf(board: EmulatedBoard, firmware: Firmware): Promise<Pick<Used, "ready">> {
  const stream = (): Uint8Array => none;
  const traced = async (items: number): Promise<number> => {
    const counts = await countInstructions(firmware, {
      board,
      images: [],
      policy: "ready",
      rate: 0,
      items,
      stream,
    });
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };
  return { ready: Math.round(((await traced(180)) - (await traced(60))) / 120) };
}

test("no interpreter is linked", async () => {
  const firmware = await firmwareOf(findEmulatedBoard("lm3s811evb"), readFileSync(await core("double")));
  const names = [...(await symbolsOf(firmware)).keys()];
  assert.ok(names.includes("rill_native_settle"));
  assert.deepEqual(
    names.filter((name) => /^wasm_|interp/.test(name)),
    [],
  );
});

/** By day a board of another core shows that traps and loops end there as they do on the first. */
const isEveryCore = (what: string): boolean =>
  isLong || what === "traps" || what === "loops" || what === "calls itself without end";
const cases = wrong.flatMap((row) =>
  (isEveryCore(row[0]) ? ["microbit", "hifive1", "uno"] : ["microbit"]).map((board) => ({ board, row })),
);

for (const { board: name, row } of cases) {
  const [what, word, text, body] = row;
  test(`a guest that ${what} is ended on ${name}, and the firmware goes on`, async () => {
    const board = findEmulatedBoard(name);
    const report = await run(board, await firmwareOf(board, await handMadeCore(body)), words([1, 2, 3]));
    assert.equal(report.errors.length, 1, report.log.join("\n"));
    assert.equal(report.errors[0]!.word, word);
    assert.match(report.errors[0]!.text, text);
    assert.equal(report.log.at(-1), "done");
  });
}

for (const [name, stack] of [
  ["lm3s811evb", 320],
  ["hifive1", 448],
] as const) {
  test(`a native stack that is too small faults, restarts ${name}, and is reported`, async () => {
    const board = findEmulatedBoard(name);
    const firmware = await firmwareOf(board, readFileSync(await core("double")), DOUBLE, { stack });
    const report = await run(board, firmware, words([1, 2, 3]));
    assert.deepEqual(
      report.errors.map(({ code, word }) => ({ code, word })),
      [{ code: -69, word: "fault" }],
      report.log.join("\n"),
    );
    assert.equal(report.log.at(-1), "done");
  });
}

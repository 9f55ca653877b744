/**
 * Guests in a row as images on emulated boards, beside the firmware with WAMR: V8's items, one native stack,
 * a source that is held back, and a code for whatever does not fit together.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildFirmware } from "../../tools/boards/firmware.js";
import { packRow } from "../../tools/boards/image-row.js";
import { type Placed, type QemuRun, runOnQemu } from "../../tools/boards/qemu.js";
import type { BoardReport } from "../../tools/boards/serial-link.js";
import { builtins } from "../../tools/c-host/descriptor.js";
import { mayWait } from "../../tools/pack/callback.js";
import { packageRoot } from "../../tools/package-root.js";
import { type Board, findBoard } from "../../tools/pack/board-table.js";
import { packBytes, type PackChoices } from "../../tools/pack/pack-command.js";
import { planPipeline, planWritten } from "../../tools/run/pipeline/plan-pipeline.js";
import { rowOf } from "../../tools/run/pipeline/row-of-plans.js";
import { inSlots } from "../boards/board-runs.js";
import { words } from "../boards/guests.js";
import { must } from "../../tools/setup/build-tool.js";
import { builtOnce } from "../built-once.js";
import { rill } from "../rill.js";
import { pausingGuest } from "./pausing-guest.js";
import { BOARD, rowGuests } from "./row-guests.js";

const DOUBLE = "my:test/i#double";
const NUMBERS = "test:row/numbers#";
const VALUES = "test:row-more/values#";
const microbit = findBoard("microbit");
const hifive1 = findBoard("hifive1");
const netduino = findBoard("netduinoplus2");
/** Places of the cache of blocks beyond those that images state, in bytes. */
const moreBlocks = ({ blockCache }: Board): number => 24 * (blockCache - 4);

let folder: string;
/** Paths of core modules. */
const cores = { wait: "", callback: "", numbers: "", texts: "", values: "", clock: "", labels: "" };

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-image-row-"));
  Object.assign(cores, await rowGuests(folder));
  const labels = { entry: "examples/names/names.ts", wit: "examples/names/names.wit" };
  cores.labels = await builtOnce({ ...labels, wait: "callback" }, join(folder, "callback"));
  writeFileSync(join(folder, "x.csv"), "value\n1\n2\n3\n4\n");
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const doubled = (): string => `${cores.callback}#${DOUBLE}`;
const numbers = (name: string): string => `${cores.numbers}#${NUMBERS}${name}`;
const items = [1, 2, 3, 0xffff_ffff, 40];

/** Runs images on the board's firmware for rows. */
async function runRow(
  board: Board,
  images: readonly Placed[],
  options: Partial<QemuRun> = {},
): Promise<BoardReport> {
  const { elf } = await buildFirmware(board, { hasPipes: true });
  return runOnQemu({
    ...{ board, elf, images, policy: "line", rate: 0, timeout: 90_000 },
    stream: () => words(items),
    ...options,
  });
}

/** Runs a row, each guest as `FILE#FUNCTION`. */
async function ran(
  board: Board,
  row: readonly string[],
  inputs = ["1.x"],
  { values = [], ...options }: Partial<QemuRun> & { readonly values?: readonly string[] } = {},
): Promise<{ readonly report: BoardReport; readonly pool: number }> {
  const [first, ...then] = row;
  const at = first!.indexOf("#");
  const plans = planPipeline(first!.slice(0, at), {
    in: [...inputs.map((input) => `${input}=${join(folder, "x.csv")}`), ...values],
    ...{ then, host: "board", call: first!.slice(at + 1) },
  });
  const { images, pool } = await packRow(rowOf(plans), board);
  return { report: await runRow(board, images, options), pool };
}

for (const board of [microbit, hifive1, netduino])
  test(`${board.name}: double into double, and into a third one: V8's items, and no more memory than stated`, async (context) => {
    for (const row of [
      [doubled(), doubled()],
      [`${cores.wait}#${DOUBLE}`, doubled(), doubled()],
    ]) {
      // Three instances of three modules are too many for 16 KiB.
      if (row.length > 2 && board !== netduino) continue;
      const { report, pool } = await ran(board, row);
      assert.deepEqual(report.errors, []);
      const wanted = items.map((value) => (value * 2 ** row.length) >>> 0);
      assert.equal(hex(report.outputs.get("0:01")), hex(words(wanted)));
      const { peak, stack, in: taken, out } = report.ends[0]!.counts;
      context.diagnostic(JSON.stringify({ peak, pool, stack, free: report.banner.pool! - peak! }));
      assert.deepEqual([taken, out], [5, 5]);
      assert.ok(peak! <= pool + moreBlocks(board), `${peak} bytes of pool, and ${pool} stated`);
      assert.ok(stack! <= board.stack - 128, `${stack} bytes of stack`);
    }
  });

test("a source that outruns the row is held back: what is lost is lost in front of it, and counted", async () => {
  const { report } = await ran(microbit, [doubled(), doubled()], ["1.x"], {
    ...{ policy: "drop", rate: 1000, items: 300, shift: 10 },
  });
  assert.deepEqual(report.errors, []);
  const { in: taken, out, dropped } = report.ends[0]!.counts;
  assert.ok(dropped! > 0, "nothing was dropped");
  assert.deepEqual([taken! + dropped!, out], [300, taken]);
  const bytes = Buffer.from(report.outputs.get("0:01")!);
  assert.equal(bytes.length, 4 * taken!);
  for (let at = 0; at < bytes.length; at += 4) assert.equal(bytes.readUInt32LE(at) % 4, 0);
});

test("who is no longer read from stops, and so does its source", async () => {
  // `add` ends with the shorter of its two streams, and drops the guest's in front of it.
  const many = words(Array.from({ length: 2000 }, (_, index) => index));
  const { report } = await ran(microbit, [doubled(), numbers("add")], ["1.x", "y"], {
    stream: (_: string, index: number) => (index === 0 ? many : words([10, 20])),
  });
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:02")), hex(words([10, 22])));
  // A ring of 16 items, a line of 8, and what was under way: not two thousand.
  assert.ok(report.ends[0]!.counts.in! < 40, `${report.ends[0]!.counts.in} items were taken`);
});

test("two streams from outside, for the first guest and for the second", async () => {
  const { report } = await ran(microbit, [doubled(), numbers("add")], ["1.x", "y"]);
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:02")), hex(words([3, 6, 9, 0xffff_fffd, 120])));
});

test("guests with values beside their stream: in the images, without a byte of the firmware's", async () => {
  const values = ['limits={"low":2,"high":100}', "others=clamped", "factor=0.5", "more=3"];
  const { report } = await ran(microbit, [doubled(), `${cores.values}#${VALUES}within`], ["1.x"], { values });
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:01")), hex(words([4, 5, 6, 53, 43])));
});

test("a guest that is fed nothing stands in front, and is ended by who takes no more", async () => {
  const { report } = await ran(microbit, [numbers("gen"), numbers("take")], [], { values: ["n=3"] });
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:00")), hex(words([1, 2, 3])));
});

test("the clock of a board, in guests of a row, also in front of a stream from outside for a later one", async () => {
  const spaced = `${cores.clock}#test:row-clock/spaced#space`;
  const values = ["nanoseconds=2000000"];
  for (const [row, inputs, wanted] of [
    [[spaced, doubled()], ["1.x"], [2, 4, 6, 0xffff_fffe, 80]],
    [
      [spaced, numbers("add")],
      ["1.x", "y"],
      [2, 4, 6, 0xffff_fffe, 80],
    ],
    [[doubled(), spaced, spaced], ["1.x"], [2, 4, 6, 0xffff_fffe, 80]],
  ] as const) {
    const more = row.length > 2 ? ["3.nanoseconds=3000000"] : [];
    const { report, pool } = await ran(netduino, row, [...inputs], { values: [...values, ...more] });
    assert.deepEqual(report.errors, []);
    assert.equal(hex(report.outputs.get(`0:0${inputs.length}`)), hex(words(wanted)));
    const { peak } = report.ends[0]!.counts;
    assert.ok(peak! <= pool + moreBlocks(netduino), `${peak} bytes of pool, and ${pool} stated`);
  }
});

test("guests that hand their ends on", async () => {
  const { report } = await ran(microbit, [numbers("pass"), numbers("pass")]);
  assert.deepEqual(report.errors, []);
  assert.equal(hex(report.outputs.get("0:01")), hex(words(items)));
});

test("guests that pause until an item is there see it come", async () => {
  const pausing = await pausingGuest(folder);
  for (const row of [
    [pausing, doubled()],
    [doubled(), pausing],
    [pausing, pausing],
  ]) {
    const { report } = await ran(netduino, row, [row[0] === pausing ? "1.input" : "1.x"]);
    assert.deepEqual(report.errors, []);
    const times = row.includes(doubled()) ? 2 : 1;
    assert.equal(hex(report.outputs.get("0:01")), hex(words(items.map((value) => (value * times) >>> 0))));
  }
});

test("a guest that traps: which one it is, what came until then, and the next image runs", async () => {
  const row = [doubled(), numbers("boom")];
  const first = row[0]!.indexOf("#");
  const plans = planPipeline(row[0]!.slice(0, first), {
    ...{ in: [`1.x=${join(folder, "x.csv")}`], then: row.slice(1), host: "board", call: DOUBLE },
  });
  const { images } = await packRow(rowOf(plans), microbit);
  const behind = images.at(-1)!.address + 2048;
  const alone = await packed(cores.callback, { name: "alone", address: behind, board: "microbit" });
  const report = await runRow(microbit, [...images, { address: behind, bytes: alone }]);
  assert.deepEqual(
    report.errors.map(({ word, text }) => [word, text]),
    [["trap", "Exception: unreachable"]],
  );
  assert.ok(report.log.includes("trapped 1"), report.log.join("\n"));
  assert.equal(hex(report.outputs.get("0:01")), hex(words([2, 4])));
  assert.equal(hex(report.outputs.get("1:01")), hex(words(items.map((value) => (2 * value) >>> 0))));
});

async function packed(core: string, choices: PackChoices): Promise<Buffer> {
  return Buffer.from((await packBytes(core, readFileSync(core), choices)).image);
}

test("what does not fit together has a code, and the next image runs", async () => {
  const double = (choices: PackChoices = {}): Promise<Buffer> =>
    packed(cores.callback, { name: "double", ...choices });
  const floats = await packed(cores.numbers, { call: `${NUMBERS}floats`, name: "floats", piped: "x" });
  const inside = await packed(cores.wait, { name: "inside" });
  const labels = await packed(cores.labels, { name: "labels" });
  const { pool } = (await packBytes("double", readFileSync(cores.callback))).needs;
  const room = (await runRow(microbit, [])).banner.pool! - moreBlocks(microbit);
  const cases: readonly (readonly [images: readonly Buffer[], code: number, text: RegExp])[] = [
    [[await double({ piped: "x" })], -73, /no image in front of it/],
    [[await double(), floats], -67, /another element type/],
    [[inside, await double({ piped: "x" })], -73, /it waits inside of its call/],
    [[labels, await double({ piped: "x" })], -73, /items with strings or lists/],
    [[await double(), await double({ piped: "x", needs: { pool: room - pool + 8 } })], -38, /^$/],
  ];
  for (const [images, code, text] of cases) {
    const { errors, ends } = await runRow(microbit, inSlots(microbit, [...images, await double()]));
    assert.deepEqual(
      errors.map((error) => error.code),
      [code],
    );
    assert.match(errors[0]!.text, text);
    assert.equal(ends.length, 1);
  }
});

test("firmware and packing know the same imports in which a guest may wait inside of its call", () => {
  const source = readFileSync(join(packageRoot, "firmware", "image_row.c"), "utf8");
  const [, copies, waits] =
    /waits_inside\([^]*?bool copies = ([^;]*);[^]*?if \((import[^{]*)\) \{/.exec(source) ?? [];
  const header = readFileSync(join(packageRoot, "c", "host", "rill_host.h"), "utf8");
  const listed = /enum rill_builtin \{([^}]*)\}/.exec(header)![1]!;
  const names = [...listed.matchAll(/^ +(RILL_\w+)/gm)].map(([, name]) => name!);
  const text = `const copies = ${copies}; return ${waits};`
    .replaceAll(/RILL_\w+/g, (name) => String(names.indexOf(name)))
    .replaceAll("0u", "0");
  const inFirmware = new Function("import_", text.replaceAll("import.", "import_.")) as (
    import_: object,
  ) => boolean;
  assert.equal(names.length, builtins.length);
  for (const [builtin, name] of builtins.entries())
    for (const async of [false, true])
      assert.equal(
        inFirmware({ builtin, is_async: async ? 1 : 0 }),
        mayWait({ builtin, async }),
        `${name}, ${async ? "async" : "sync"}`,
      );
});

test("firmware that runs one after the other refuses an image that takes another one's stream", async () => {
  const { elf } = await buildFirmware(microbit);
  const image = await packed(cores.callback, { name: "double", piped: "x" });
  const { errors } = await runOnQemu({
    ...{ board: microbit, elf, images: inSlots(microbit, [image]), policy: "line", rate: 0 },
    stream: () => words(items),
  });
  assert.deepEqual(
    errors.map(({ code, word }) => [code, word]),
    [[-40, "imports"]],
  );
});

test("rill flash A --then B: items from a file into a file", () => {
  const out = join(folder, "out.csv");
  const { code, stderr } = rill(
    ...["flash", cores.callback, "--then", cores.callback, "--board", "microbit"],
    ...["--in", `1.x=${join(folder, "x.csv")}`, "--out", out],
  );
  assert.equal(code, 0, stderr);
  assert.equal(readFileSync(out, "utf8"), "value\n4\n8\n12\n16\n");
  assert.match(stderr, /^microbit: 4 items in, 4 out, [\d,]+ bytes of pool/);
});

test("rill flash A --then B --with probe-rs --firmware: the row, with its values, and the firmware that runs it", async () => {
  const kept = join(folder, "kept.hex");
  const tool = join(folder, "probe-rs");
  writeFileSync(tool, `#!/bin/sh\nfor word in "$@"; do :; done; cp "$word" ${kept}\n`, { mode: 0o755 });
  const asked = `${cores.values}#${VALUES}asked`;
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  const flags = ["--board", "microbit", "--with", "probe-rs", "--in", "plus=7", "--firmware"];
  const { code, stderr } = rill("flash", cores.callback, "--then", asked, ...flags);
  process.env.PATH = PATH;
  assert.equal(code, 0, stderr);
  const whole = join(folder, "whole.bin");
  const toBytes = ["-O", "binary", "--gap-fill", "0xff"];
  await must("arm-none-eabi-objcopy", ["-I", "ihex", ...toBytes, kept, whole]);
  const flash = readFileSync(whole);
  const written = { in: ["plus=7"], then: [asked] };
  const { images } = await packRow(rowOf(planWritten(cores.callback, written)), microbit);
  for (const { address, bytes } of images) {
    const at = address - microbit.flash.start;
    assert.equal(hex(flash.subarray(at, at + bytes.length)), hex(bytes));
  }
  const { elf } = await buildFirmware(microbit, { hasPipes: true });
  await must("arm-none-eabi-objcopy", [...toBytes, elf, whole]);
  const firmware = readFileSync(whole);
  assert.equal(hex(flash.subarray(0, firmware.length)), hex(firmware));
  assert.throws(
    () => planWritten(cores.callback, { ...written, in: ["1.x=x.csv"] }),
    /--in x: the board feeds its streams; values alone are written with the guests/,
  );
});

test("rill flash A --then B: functions that guests import, of a file and stubs", () => {
  const file = join(folder, "board.mjs");
  writeFileSync(file, BOARD);
  const flash = (board: string, then: readonly string[], ...more: string[]): ReturnType<typeof rill> =>
    rill(
      ...["flash", cores.callback, "--board", board, "--in", `1.x=${join(folder, "x.csv")}`],
      ...then.flatMap((one) => ["--then", `${cores.values}#${VALUES}${one}`]),
      ...more,
    );
  const given = ["--in", "plus=7"];
  const both = flash("netduinoplus2", ["asked-later", "asked"], ...given, "--imports", file);
  assert.equal(both.stdout, "1027\n1047\n1067\n1087\n", both.stderr);
  const stubbed = flash("microbit", ["asked"], ...given, "--stub");
  assert.equal(stubbed.stdout, "7\n7\n7\n7\n", stubbed.stderr);
  assert.match(stubbed.stderr, /test:row-more\/board#level\(8\) -> 0/);
  const missing = flash("microbit", ["asked"], ...given);
  assert.equal(missing.code, 2);
  assert.match(
    missing.stderr,
    /row-values\.core\.wasm imports level of test:row-more\/board; write it in a file/,
  );
  const text = flash("microbit", ["named"], "--in", "name=n");
  assert.match(
    text.stderr,
    /parameter name of named is a string; guests of a row on a board get values without strings, lists and futures/,
  );
});

test("one message: a board without flash for it, one that is too small, unequal types", () => {
  const row = (board: string, then: string, ...more: string[]): string =>
    rill(
      ...["flash", cores.callback, "--then", then, "--board", board],
      ...["--in", `1.x=${join(folder, "x.csv")}`, ...more],
    ).stderr;
  assert.match(
    row("lm3s811evb", cores.callback),
    /lm3s811evb has no flash left for guests that go back to it .*with --native they run beside each other, and on microbit, hifive1 and netduinoplus2 as images/,
  );
  assert.match(row("microbit", cores.callback, "--native-image"), /machine code runs one guest after the/);
  assert.match(
    row("microbit", numbers("floats")),
    /answers with a stream<u32>, and x is a stream<f32>; the two have to be equal/,
  );
  const four = ["--then", cores.callback, "--then", cores.callback, "--then", cores.callback];
  assert.match(
    row("microbit", cores.callback, ...four),
    /double and double and double and double and double in a row need \d{5} bytes of pool, and microbit has 13952 of RAM beside its native stack/,
  );
});

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("hex");
}

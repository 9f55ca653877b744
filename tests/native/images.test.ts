/** Machine code in images: it runs at any slot, is updated apart from the firmware, or refused. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildFirmware, buildNativeImageFirmware, symbolsOf } from "../../tools/boards/firmware.js";
import { boardErrorText } from "../../tools/boards/board-errors.js";
import { countInstructions } from "../../tools/boards/instruction-trace.js";
import { type QemuRun, runOnQemu } from "../../tools/boards/qemu.js";
import type { BoardReport } from "../../tools/boards/serial-link.js";
import { compileImage } from "../../tools/native/compile-image.js";
import { CORES, coreOf, findCore } from "../../tools/native/cores.js";
import { packNativeBytes, runPackNativeImage } from "../../tools/native/pack-native-image.js";
import { type Board, BOARDS, findBoard, IMAGE_STRIDE } from "../../tools/pack/board-table.js";
import {
  boardId,
  NATIVE_HEADER_BYTES,
  NATIVE_VERSION,
  sealImage,
  writeImage,
} from "../../tools/pack/image.js";
import { packageRoot } from "../../tools/package-root.js";
import { run as runProcess } from "../../tools/setup/run.js";
import { inSlots, onV8 } from "../boards/board-runs.js";
import { core, handMadeCore, image, readings, type RealGuest, words } from "../boards/guests.js";
import { isLong } from "../tier.js";
import { wrong } from "./wrong-guests.js";

const ITEMS = words([1, 2, 3, 0xffffffff, 40]);
/** The first ten seconds of the recording. */
const SAMPLES = readFileSync(
  join(packageRoot, "examples", "ecg", "data", "ecg-mitdb-208-360hz.u16le"),
).subarray(0, 7200);

type Guest = Exclude<RealGuest, "sum">;
const inputs = {
  double: { x: ITEMS },
  ecg: { samples: SAMPLES },
  imu: { readings: readings(40) },
} as const;

interface Choices {
  readonly board?: string;
  readonly address?: number;
  readonly cpu?: string;
}

async function packed(
  name: string,
  bytes: Uint8Array,
  board: Board,
  { cpu, ...choices }: Choices = {},
): Promise<Buffer> {
  const { image: made } = await packNativeBytes(name, bytes, {
    ...{ name, call: null, board: choices.board ?? null, address: choices.address ?? null },
    cpu: cpu === undefined ? coreOf(board.cpu) : findCore(cpu),
  });
  return Buffer.from(made);
}

/** Images that several tests run. */
const made = new Map<string, Promise<Buffer>>();

async function native(guest: Guest, board: Board, choices: Choices = {}): Promise<Buffer> {
  const key = JSON.stringify([guest, board.cpu, choices]);
  const bytes = made.get(key) ?? packed(guest, readFileSync(await core(guest)), board, choices);
  made.set(key, bytes);
  return Buffer.from(await bytes);
}

async function run(
  board: Board,
  elf: string,
  images: readonly Uint8Array[],
  options: Partial<QemuRun> = {},
): Promise<BoardReport> {
  return runOnQemu({
    ...{ board, elf, images: inSlots(board, images), policy: "line", rate: 0, timeout: 90_000 },
    stream: (name) => Object.values(name in inputs ? inputs[name as Guest] : inputs.double)[0]!,
    ...options,
  });
}

async function isAsOnV8(report: BoardReport, at: number, guest: Guest): Promise<void> {
  const wanted = onV8(await core(guest), inputs[guest]);
  assert.equal(
    Buffer.from(report.outputs.get(`${at}:01`) ?? []).toString("hex"),
    wanted.toString("hex"),
    guest,
  );
}

/** Bytes of images, of a firmware and its RAM, instructions an item; docs/native.md has the same table. */
const figures = [
  { board: "lm3s811evb", double: 380, ecg: 1_010, flash: 14_400, ram: 1_500, ready: 470 },
  { board: "microbit", double: 370, ecg: 1_210, flash: 15_000, ram: 1_700, ready: 550 },
] as const;

test("docs/native.md has these numbers", () => {
  const page = readFileSync(join(packageRoot, "docs", "native.md"), "utf8");
  for (const { board, ...numbers } of figures) {
    const cells = [board, ...Object.values(numbers).map((value) => value.toLocaleString("en"))];
    assert.ok(page.includes(`| ${cells.join(" | ")} |`), cells.join(" | "));
  }
});

/** More at night. */
const flashed = isLong ? (["double", "ecg", "imu"] as const) : (["double", "ecg"] as const);

for (const board of BOARDS)
  test(`${board.name}: two images are flashed one after the other, and side by side; the firmware stays`, async () => {
    const { elf } = await buildNativeImageFirmware(board);
    const firmware = readFileSync(elf);
    const [double, ecg] = [await native("double", board), await native("ecg", board)];
    for (const guest of flashed) {
      const report = await run(board, elf, [await native(guest, board)]);
      assert.deepEqual(report.errors, []);
      await isAsOnV8(report, 0, guest);
    }
    // The same bytes at another address.
    const both = await run(board, elf, [ecg, double]);
    assert.deepEqual(both.errors, []);
    assert.deepEqual(
      both.readyAt,
      inSlots(board, [ecg, double]).map(({ address }) => address),
    );
    await isAsOnV8(both, 0, "ecg");
    await isAsOnV8(both, 1, "double");
    assert.ok(readFileSync(elf).equals(firmware));
  });

for (const { board: name, ...most } of figures)
  test(`${name}: images, firmware and an item within their budgets`, async (context) => {
    const board = findBoard(name);
    const firmware = await buildNativeImageFirmware(board);
    const [double, ecg] = [await native("double", board), await native("ecg", board)];
    const none = new Uint8Array(0);
    const traced = async (items: number): Promise<number> => {
      const counts = await countInstructions(firmware, {
        ...{ board, images: inSlots(board, [double]), policy: "ready", rate: 0, items, stream: () => none },
      });
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    };
    const slow = await run(board, firmware.elf, [double], {
      ...{ policy: "hold", rate: 1000, items: 500, shift: 10 },
    });
    const symbols = await symbolsOf(firmware);
    const { stack, peak } = slow.ends[0]!.counts;
    const used = {
      double: double.length,
      ecg: ecg.length,
      flash: symbols.get("__flash_used")!,
      ram: symbols.get("__bss_stop")! - symbols.get("__stack_top")! + stack! + peak!,
      ready: Math.round(((await traced(180)) - (await traced(60))) / 120),
    };
    context.diagnostic(JSON.stringify(used));
    const names = [...symbols.keys()];
    assert.deepEqual(
      names.filter((symbol) => /^wasm_|interp/.test(symbol)),
      [],
    );
    for (const [what, value] of Object.entries(used))
      assert.ok(value <= most[what as keyof typeof most], `${what}: ${JSON.stringify(used)}`);
  });

test("floats of a core without any: their functions lie in the image", async () => {
  const board = findBoard("microbit");
  const { elf } = await buildNativeImageFirmware(board);
  const report = await run(board, elf, [await native("imu", board)]);
  assert.deepEqual(report.errors, []);
  await isAsOnV8(report, 0, "imu");
});

test("a guest of two streams", async () => {
  const board = findBoard("microbit");
  const { elf } = await buildNativeImageFirmware(board);
  const bytes = await packed("sum", readFileSync(await core("sum")), board);
  const pair = [ITEMS, Buffer.from(Uint16Array.of(9, 8, 7, 6).buffer)] as const;
  const report = await run(board, elf, [bytes], { stream: (_, index) => pair[index]! });
  assert.deepEqual(report.errors, []);
  const wanted = onV8(await core("sum"), { a: pair[0], b: pair[1] });
  assert.deepEqual(Buffer.from(report.outputs.get("0:02")!), wanted);
});

test("several live instances, each with a memory of its own", async () => {
  const board = findBoard("lm3s811evb");
  const { elf } = await buildNativeImageFirmware(board);
  const report = await run(board, elf, [await native("double", board)], { guests: 0 });
  assert.deepEqual(report.errors, []);
  assert.ok(
    report.ends.length > 20 && report.ends.every(({ counts }) => counts.out === 5),
    report.log.join("\n"),
  );
});

/** Changes an image of `double`, whose CRC then holds. */
async function changed(board: Board, change: (bytes: Buffer) => void): Promise<Buffer> {
  const bytes = await native("double", board);
  change(bytes);
  sealImage(bytes);
  return bytes;
}

/** Where the header says how much stack the code takes. */
const STACK_AT = 42;

test("the header states the stack of the code's own calls, the deeper ones' more", async () => {
  const board = findBoard("lm3s811evb");
  const stated = async (body: string): Promise<number> => {
    const image = await packed("guest", await handMadeCore(body), board, {});
    return image.readUInt16LE(STACK_AT);
  };
  const flat = await stated("(local.get $in)");
  const image = await native("double", board);
  assert.ok(flat < image.readUInt16LE(STACK_AT) && image.readUInt16LE(STACK_AT) < 200, `${flat} bytes`);
  const deep = await stated("(call $run (call $run (local.get $in)))");
  assert.ok(deep >= flat + 16 * 8, `${deep} and ${flat} bytes`);
});

interface Refused {
  readonly what: string;
  readonly code: number;
  readonly word: string;
  readonly make: (board: Board) => Promise<Buffer>;
}

const refused: readonly Refused[] = [
  {
    what: "of another core",
    code: -42,
    word: "cpu",
    make: (board) => native("double", board, { cpu: "rv32imac" }),
  },
  {
    what: "of another version of what code and firmware agree on",
    code: -33,
    word: "version",
    make: (board) => changed(board, (bytes) => bytes.writeUInt8(NATIVE_VERSION + 1, 4)),
  },
  {
    what: "for another board",
    code: -36,
    word: "board",
    make: (board) => changed(board, (bytes) => bytes.writeUInt32LE(boardId("netduinoplus2"), 32)),
  },
  {
    what: "for another address",
    code: -37,
    word: "address",
    make: (board) => native("double", board, { address: board.images.start + 64 * IMAGE_STRIDE }),
  },
  {
    what: "longer than the flash for images",
    code: -34,
    word: "truncated",
    make: (board) => changed(board, (bytes) => bytes.writeUInt32LE(board.images.length + 4, 8)),
  },
  {
    what: "with a header too short for its core",
    code: -34,
    word: "truncated",
    make: (board) => changed(board, (bytes) => bytes.writeUInt8(12, 5)),
  },
  {
    what: "that was damaged",
    code: -35,
    word: "crc",
    make: async (board) => {
      const bytes = await native("double", board);
      bytes[bytes.length - 20]! ^= 4;
      return bytes;
    },
  },
  {
    what: "with an instance larger than the RAM",
    code: -38,
    word: "pool",
    make: (board) => changed(board, (bytes) => bytes.writeUInt16LE(0xffff, 40)),
  },
  {
    what: "whose code takes more stack than is left",
    code: -39,
    word: "stack",
    make: (board) => changed(board, (bytes) => bytes.writeUInt16LE(board.stack, STACK_AT)),
  },
  {
    what: "with a memory larger than its instance",
    code: -41,
    word: "tables",
    make: (board) => changed(board, (bytes) => bytes.writeUInt16LE(65, 46)),
  },
  {
    what: "with an import that the host has not",
    code: -40,
    word: "imports",
    make: (board) => changed(board, (bytes) => bytes.writeUInt8(0x0f, NATIVE_HEADER_BYTES)),
  },
  {
    what: "without code",
    code: -41,
    word: "tables",
    make: async (board) => {
      const whole = await native("double", board);
      const { codeBytes } = await packNativeBytes("double", readFileSync(await core("double")), {
        ...{ name: "double", call: null, board: null, address: null, cpu: coreOf(board.cpu) },
      });
      const bytes = Buffer.from(whole.subarray(0, whole.length - codeBytes));
      bytes.writeUInt32LE(bytes.length, 8);
      sealImage(bytes);
      return bytes;
    },
  },
  { what: "of a module, for an interpreter", code: -71, word: "engine", make: () => image("double") },
];

test(`refused, each with its code, and the next guest runs: images ${refused.map(({ what }) => what).join("; ")}`, async () => {
  const board = findBoard("microbit");
  const { elf } = await buildNativeImageFirmware(board);
  const images = [
    ...(await Promise.all(refused.map(({ make }) => make(board)))),
    await native("double", board),
  ];
  const report = await run(board, elf, images);
  assert.deepEqual(
    report.errors.map(({ code, word }) => ({ code, word })),
    refused.map(({ code, word }) => ({ code, word })),
    report.log.join("\n"),
  );
  assert.equal(report.ready.length, 1);
  await isAsOnV8(report, 0, "double");
});

for (const [name, code, message] of [
  ["microbit", -43, /holds machine code, and this firmware was built without RILL_ALLOW_NATIVE/],
  // There is no flash for a code of its own.
  ["lm3s811evb", -33, /takes no machine code/],
] as const)
  test(`${name}: a firmware without RILL_ALLOW_NATIVE refuses machine code, and the next guest runs`, async () => {
    const board = findBoard(name);
    const { elf } = await buildFirmware(board);
    const report = await run(board, elf, [await native("double", board), await image("double")]);
    assert.deepEqual(
      report.errors.map((error) => error.code),
      [code],
    );
    assert.match(boardErrorText(report.errors[0]!), message);
    await isAsOnV8(report, 0, "double");
  });

for (const name of ["microbit", "hifive1"])
  test(`in an image on ${name}, too, a guest is ended that ${wrong.map(([what]) => what).join("; ")}`, async () => {
    const board = findBoard(name);
    const { elf } = await buildNativeImageFirmware(board);
    const images = [];
    for (const [index, [, , , body]] of wrong.entries())
      images.push(await packed(`wrong${index}`, await handMadeCore(body), board));
    const report = await run(board, elf, [...images, await native("double", board)]);
    assert.deepEqual(
      report.errors.map(({ word }) => word),
      wrong.map(([, word]) => word),
      report.log.join("\n"),
    );
    for (const [index, [, , text]] of wrong.entries()) assert.match(report.errors[index]!.text, text);
    await isAsOnV8(report, wrong.length, "double");
  });

/** C in place of a guest's. */
const code = (body: string): string =>
  `#include "rill_native_runtime.h"\n${body}
const uint32_t rill_image_instance_bytes __attribute__((section(".facts"), used)) = 8;\n`;
const ENTRY =
  '__attribute__((section(".entry"), used)) void rill_image_enter(struct rill_image_instance *instance, const uint32_t *a)';

for (const cpu of CORES) {
  test(`${cpu.name}: constants are found wherever the code lies`, async () => {
    const table = `static const uint32_t powers[] = {1, 10, 100, 1000, 77, 5, 3, 2};
      ${ENTRY} { instance->depth = powers[*a & 7u]; }`;
    const { bytes, instanceBytes } = await compileImage(code(table), cpu, "table");
    assert.ok(bytes.length >= 32 && instanceBytes === 8);
  });

  test(`${cpu.name}: code that has a variable, or addresses in a table, is not packed`, async () => {
    const variable = `static uint32_t calls; ${ENTRY} { calls += *a; instance->depth = calls; }`;
    await assert.rejects(compileImage(code(variable), cpu, "counter"), /the guest's code has variables/);
    const addresses = `static void one(struct rill_image_instance *i) { i->depth = 1; }
      static void two(struct rill_image_instance *i) { i->depth = 2; }
      static void (*const both[])(struct rill_image_instance *) = {one, two};
      ${ENTRY} { both[*a & 1u](instance); }`;
    await assert.rejects(compileImage(code(addresses), cpu, "table"), /variables|holds addresses/);
  });
}

test("code that no translator made may go astray: the chip restarts, and the next guest runs", async () => {
  const board = findBoard("microbit");
  const { elf } = await buildNativeImageFirmware(board);
  const wild = `${ENTRY} { if (a != NULL) { instance->depth = 1; __builtin_trap(); } }`;
  const { bytes, instanceBytes } = await compileImage(code(wild), coreOf(board.cpu), "wild");
  const image = writeImage({
    ...{ name: "wild", imports: [], types: [], streams: [], paramCount: 0, board: null, address: null },
    module: bytes,
    cpu: coreOf(board.cpu).name,
    needs: { pool: instanceBytes, stack: 0, arena: 0, frames: 1, memory: 0 },
  });
  const report = await run(board, elf, [image, await native("double", board)]);
  assert.deepEqual(
    report.errors.map(({ word, address }) => ({ word, address })),
    [{ word: "fault", address: board.images.start }],
  );
  await isAsOnV8(report, 1, "double");
});

const folder = mkdtempSync(join(tmpdir(), "rill-native-images-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const flagsRefused: readonly (readonly [what: string, flags: object, error: RegExp])[] = [
  ["no core", {}, /is for one core: give --cpu, or --board/],
  ["a core that there is not", { cpu: "z80" }, /--cpu z80: there are cortex-m0/],
  ["a core that is not the board's", { cpu: "cortex-m3", board: "microbit" }, /microbit has a cortex-m0/],
  ["what an interpreter needs", { cpu: "cortex-m0", stack: "100" }, /--stack is not for/],
  ["an address off a multiple of 4", { cpu: "cortex-m0", address: "2" }, /a multiple of 4/],
];
for (const [what, flags, error] of flagsRefused)
  test(`not packed, and nothing is written: ${what}`, async () => {
    const output = join(folder, "refused.img");
    const path = await core("double");
    await assert.rejects(runPackNativeImage(path, { format: "native-image", output, ...flags }), error);
    assert.ok(!existsSync(output));
  });

test("not packed: a guest that takes whole pages of memory, and one that is larger than its board's flash for images", async () => {
  const board = findBoard("lm3s811evb");
  const pages = await handMadeCore("(drop (i32.load (i32.const 0))) (i32.const 0)", 64, "");
  await assert.rejects(
    packed("pages", pages, board),
    /an instance takes 65544 bytes.*Build it with rill build/,
  );
  const large = await handMadeCore(
    Array.from(
      { length: 400 },
      (_, i) =>
        `(i32.store8 (i32.and (i32.mul (local.get $in) (i32.const ${i})) (i32.const 63)) (i32.const ${i % 251}))`,
    ).join("") + "(i32.const 0)",
  );
  await assert.rejects(
    packed("large", large, board, { board: board.name }),
    /has \d+ bytes, and the firmware of lm3s811evb keeps 4096 for images/,
  );
});

test("rill pack says what it wrote, and the file is the image", async () => {
  const output = join(folder, "double.img");
  const { code: exit, output: said } = await runProcess(process.execPath, [
    ...[join(packageRoot, "bin", "rill.js"), "pack", await core("double"), "--format", "native-image"],
    ...["--board", "microbit", "-o", output, "--json"],
  ]);
  assert.equal(exit, 0, said);
  const facts = JSON.parse(said) as { image_bytes: number; cpu: string; needs: { memory_bytes: number } };
  assert.equal(facts.image_bytes, readFileSync(output).length);
  assert.equal(facts.cpu, "cortex-m0");
  assert.equal(facts.needs.memory_bytes, 64);
});

test("rill flash --native-image runs the guest's machine code", async () => {
  const [input, output] = [join(folder, "x.jsonl"), join(folder, "y.jsonl")];
  writeFileSync(input, "1\n20\n4294967295\n");
  const { code: exit, output: said } = await runProcess(process.execPath, [
    ...[join(packageRoot, "bin", "rill.js"), "flash", await core("double"), "--native-image"],
    ...["--board", "lm3s811evb", "--in", `x=${input}`, "--out", output],
  ]);
  assert.equal(exit, 0, said);
  assert.equal(readFileSync(output, "utf8"), "2\n40\n4294967294\n");
});

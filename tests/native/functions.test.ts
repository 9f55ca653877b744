/** Guests as C on boards with values and functions: as on V8, and what goes wrong has a code. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuestFirmware, symbolsOf } from "../../tools/boards/firmware.js";
import { runOnQemu } from "../../tools/boards/qemu.js";
import { boardGuest } from "../../tools/native/board-guest.js";
import { findEmulatedBoard } from "../../tools/pack/board-table.js";
import { arenaNeed } from "../../tools/host/values/trap.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { build, open, type TestFunction } from "../../tools/testing/testing.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { core as builtCore } from "../boards/guests.js";
import { type BoardCall, callNatively, damaging } from "../boards/remote-runs.js";
import { atTier, isLong } from "../tier.js";

const folder = mkdtempSync(join(tmpdir(), "rill-native-functions-"));
after(() => {
  rmSync(folder, { recursive: true });
});

type Core = Uint8Array<ArrayBuffer>;
let lamp: Core;
let gpio: Core;
let texts: Core;

const wit = `package my:lamp;
interface board {
  set: func(pin: u8, on: bool) -> bool;
  sum: func(a: u64, b: f32) -> u64;
  absent: func();
}
interface app {
  count: async func(samples: stream<u16>, limit: u32) -> u64;
  flow: async func(samples: stream<u16>) -> stream<u16>;
  twice: func(a: u64, b: f32) -> u64;
  later: async func(a: future<u16>) -> future<u16>;
  other: func();
}
world lamp { import board; export app; }
`;
const source = `import { count, flow, later } from "./bindings/my-lamp-app";
import * as board from "./bindings/my-lamp-board";

export function runCount(task: count.Task): void {
  let n: u64 = 0;
  while (task.samples.next()) if (task.samples.value > task.limit && board.set_(13, true)) n++;
  task.resolve(board.sum(n, 1.5));
}
export function runFlow(task: flow.Task): void {
  const output = task.resolve();
  while (task.samples.next()) if (!output.writeOne(task.samples.value + <u16>board.set_(1, false))) break;
}
export function runLater(task: later.Task): void {
  const output = task.resolve();
  output.write(task.a.read() + <u16>board.set_(2, true));
}
export function twice(a: u64, b: f32): u64 { return board.sum(a * 2, b * 2); }
export function other(): void { board.absent(); }
`;

before(async () => {
  const [entry, world] = [join(folder, "lamp.ts"), join(folder, "lamp.wit")];
  writeFileSync(entry, source);
  writeFileSync(world, wit);
  lamp = await build({ entry, wit: world });
  const guest = (name: string, more: object = {}): Promise<Core> => {
    const path = join(packageRoot, "tests", "guests", name);
    return build({ entry: `${path}.ts`, wit: `${path}.wit`, bindings: false, ...more });
  };
  gpio = await guest("first/gpio");
  texts = await guest("texts/texts", { arena: 256 });
});

const app = (name: string): string => `my:lamp/app#${name}`;
const samples = Uint16Array.of(1, 600, 2, 700, 501);

/** Functions that note what they are told. */
function noting(told: Value[][]): Record<string, (...args: Value[]) => Value> {
  return {
    "my:lamp/board#set": (...args) => (told.push(args), args[1]!),
    "my:lamp/board#sum": (...args) => (
      told.push(args),
      (args[0] as bigint) + BigInt(2 * (args[1] as number))
    ),
    "my:lamp/board#absent": () => assert.fail("nobody calls it"),
    "my:gpio/board#set": (...args) => (told.push(args), null),
    "my:gpio/board#log": (...args) => (told.push(args), null),
  };
}

interface Sample {
  readonly core: Core;
  readonly call: string;
  readonly args: readonly Value[];
  /** Raw items of the streams and futures. */
  readonly streams: readonly Uint8Array[];
  /** What V8's host is given in their place. */
  readonly onV8: readonly unknown[];
}

const raw = (items: Uint16Array): Uint8Array => new Uint8Array(items.buffer);
const cases = (): Sample[] => [
  {
    ...{ core: lamp, call: app("count"), args: [null, 600], streams: [raw(samples)] },
    onV8: [[...samples], 600],
  },
  { core: lamp, call: app("twice"), args: [2n ** 64n - 1n, -0.5], streams: [], onV8: [2n ** 64n - 1n, -0.5] },
  { core: lamp, call: app("flow"), args: [null], streams: [raw(samples)], onV8: [[...samples]] },
  { core: lamp, call: app("later"), args: [null], streams: [raw(Uint16Array.of(41))], onV8: [41] },
  {
    ...{ core: gpio, call: "my:gpio/app#blink", args: [null, 600], streams: [raw(samples)] },
    onV8: [[...samples], 600],
  },
];

/** By day each call runs on one board; at night on all but the smallest, which has room for some. */
const BY_DAY = ["hifive1", "uno", "microbit", "netduinoplus2", "lm3s811evb"];
const AT_NIGHT = ["lm3s811evb", "microbit", "netduinoplus2", "hifive1"];

for (const [index, byDay] of BY_DAY.entries())
  for (const name of isLong ? new Set([...AT_NIGHT, byDay]) : [byDay])
    test(`call ${index} on ${name}: the result, the items and the calls of V8`, async () => {
      const { core, call, args, streams, onV8 } = cases()[index]!;
      const [told, wanted]: [Value[][], Value[][]] = [[], []];
      const functions = noting(wanted) as Record<string, TestFunction>;
      const expected = open(core, { functions }).call(call, onV8);
      const done = await callNatively(findEmulatedBoard(name), {
        ...{ core, call, args, streams, functions: noting(told) },
      });
      assert.deepEqual(done.report.errors, []);
      const items = done.items && [...new Uint16Array(new Uint8Array(done.items).buffer)];
      assert.deepEqual(done.result ?? (call === app("later") ? items![0] : items), expected);
      assert.deepEqual(told, wanted);
      assert.ok(told.length > 0);
    });

test("items that wait in the line's buffer stay whole while a call has it, and damaged orders come again", async () => {
  const told: Value[][] = [];
  const many = Uint16Array.from({ length: 20 }, (_, index) => (index % 4 === 0 ? 700 + index : index));
  const loud = [...many].filter((value) => value > 600);
  const call = { ...cases()[4]!, streams: [raw(many)], functions: noting(told) };
  const { report, result } = await callNatively(findEmulatedBoard("microbit"), call, {
    rate: 200,
    spoil: damaging(7),
  });
  assert.deepEqual(report.errors, []);
  assert.equal(result, loud.length);
  assert.deepEqual(
    told.filter(([text]) => typeof text === "string").map(([text]) => text),
    loud.map((value) => `above: ${value}`),
  );
  assert.ok(report.log.includes("again"), "no order was damaged");
});

const outside = {
  "test:texts/outside#join": (a: Value, b: Value): Value => [a, ...(b as string[])].join("/"),
  "test:texts/outside#ask": (question: Value): Value => `${question as string}!`,
};
const entry = { name: "n", tags: ["a", "", "bcd"], bytes: [1, 2, 255], at: 2n ** 63n };
const textCalls = (): BoardCall[] => [
  { core: texts, call: "through", args: ["a", ["b", "c"]], functions: outside },
  { core: texts, call: "test:texts/echo#later-entry", args: [entry] },
  { core: texts, call: "test:texts/echo#same-note", args: [{ entries: [entry, entry] }] },
  { core: texts, call: "asking", args: ["why"], functions: outside },
];

for (const call of [0, 1, 2, 3].slice(0, atTier(1, 4)))
  test(`text, lists and records in and out, call ${call}: as on V8`, async () => {
    const one = textCalls()[call]!;
    const { report, result } = await callNatively(findEmulatedBoard("microbit"), one);
    assert.deepEqual(report.errors, []);
    const onV8 = open(texts, { functions: outside });
    assert.deepEqual(result, onV8.call(one.call, one.args as readonly unknown[]));
  });

test("a string longer than the guest's arena: a code, and how many bytes are missing", async () => {
  const long = { core: texts, call: "test:texts/echo#same-text", args: ["x".repeat(400)] };
  const { report } = await callNatively(findEmulatedBoard("lm3s811evb"), long);
  assert.deepEqual(
    report.errors.map(({ code, word }) => [code, word]),
    [[-67, "trap"]],
  );
  assert.ok(report.lacks > 0);
  const onV8 = (): unknown => open(texts, { functions: outside }).call(long.call, long.args);
  assert.throws(onV8, { message: arenaNeed(report.lacks) });
});

test("functions that nobody has are named by their hashes, and what the function does not reach is not asked for", async () => {
  const board = findEmulatedBoard("lm3s811evb");
  const guest = await boardGuest("lamp", lamp, moduleWorld("lamp", lamp)!, app("twice"), board);
  assert.deepEqual(
    guest.asking!.functions.map(({ id }) => id),
    ["my:lamp/board#sum"],
  );
  const { elf } = await buildGuestFirmware(board, guest);
  const stream = (): Uint8Array => new Uint8Array(0);
  const { errors, missing } = await runOnQemu({ board, elf, images: [], policy: "line", rate: 0, stream });
  assert.deepEqual(
    errors.map(({ code, word }) => [code, word]),
    [[-72, "missing"]],
  );
  assert.deepEqual(
    missing,
    guest.asking!.functions.map(({ hash }) => hash),
  );
});

/** What a firmware grows by, as docs/native.md says. */
const MOST_BYTES = 2_500;

test("a firmware grows by what docs/native.md says, and only for a guest that asks", async () => {
  assert.ok(
    readFileSync(join(packageRoot, "docs", "native.md"), "utf8").includes(
      `at most ${MOST_BYTES.toLocaleString("en")} bytes of flash`,
    ),
  );
  const board = findEmulatedBoard("lm3s811evb");
  const flashOf = async (bytes: Uint8Array, call: string): Promise<number> => {
    const guest = await boardGuest("guest", bytes, moduleWorld("guest", bytes)!, call, board);
    const firmware = await buildGuestFirmware(board, guest);
    const symbols = await symbolsOf(firmware);
    assert.equal(symbols.has("remote_ask"), guest.asking !== null);
    return symbols.get("__flash_used")!;
  };
  const alone = await flashOf(readFileSync(await builtCore("double")), "my:test/i#double");
  const more = (await flashOf(lamp, app("flow"))) - alone;
  assert.ok(more > 0 && more <= MOST_BYTES, `${more} bytes`);
});

test("orders beyond the guest's memory, and orders that are none: a code", async () => {
  const board = findEmulatedBoard("lm3s811evb");
  const guest = await boardGuest("lamp", lamp, moduleWorld("lamp", lamp)!, app("count"), board);
  const { elf } = await buildGuestFirmware(board, guest);
  const far = Buffer.alloc(5);
  far.writeUInt32LE(0x20000000 - 8);
  far[4] = 255;
  for (const [order, payload] of [
    [1, far],
    [2, far],
    [3, Buffer.from([1, 0, 0, 0, 1, 0, 0, 0])],
    [4, Buffer.from([200, 0, 0, 0, 0])],
    [9, Buffer.alloc(0)],
  ] as const) {
    const server = {
      hasAll: () => true,
      gone: () => undefined,
      full: () => undefined,
      serve: (_: unknown, line: { readonly send: (order: number, payload: Uint8Array) => void }) => {
        line.send(order, payload);
        return Promise.resolve();
      },
    };
    const { errors } = await runOnQemu({
      ...{ board, elf, images: [], policy: "line", rate: 0, stream: () => raw(samples) },
      remote: () => server,
    });
    assert.equal(errors[0]!.code, -67, `order ${order}`);
    assert.match(errors[0]!.text, order === 3 ? /cabi_realloc traps/ : /bad order from the computer/);
  }
});

const bin = join(packageRoot, "bin", "rill.js");
const flash = (board: string, core: Core, ...args: readonly string[]): ReturnType<typeof run> => {
  const path = join(folder, "guest.core.wasm");
  writeFileSync(path, core);
  return run(process.execPath, [bin, "flash", path, "--board", board, "--native", ...args]);
};

test("rill flash --native: without a function what to write, with --stub zeros, and what is too small", async () => {
  const twice = ["--call", app("twice"), "--in", "a=3", "--in", "b=4"];
  const missing = await flash("lm3s811evb", lamp, ...twice);
  assert.equal(missing.code, 2, missing.output);
  assert.match(missing.output, /imports sum of my:lamp\/board; .*--imports FILE\.mjs/);
  assert.match(missing.output, /sum\(a, b\) \{ return 0n; \}, \/\/ u64/);
  const stubbed = await flash("lm3s811evb", lamp, ...twice, "--stub");
  assert.equal(stubbed.code, 0, stubbed.output);
  assert.match(stubbed.output, /^my:lamp\/board#sum\(6, 8\) -> 0$/m);
  const items = join(folder, "samples.u16le");
  writeFileSync(items, raw(samples));
  const large = await flash("uno", gpio, "--in", `samples=${items}`, "--in", "threshold=600", "--stub");
  assert.equal(large.code, 1, large.output);
  assert.match(
    large.output,
    /uno: the firmware with this guest takes \d{4} bytes of RAM.*and the board has 2048/,
  );
});

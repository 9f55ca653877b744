/**
 * Guests that take and answer values, and call functions, on boards: as on V8, and what goes wrong has a
 * code.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { findBoard } from "../../tools/pack/board-table.js";
import { FUNCTIONS_HEADER_BYTES, sealImage } from "../../tools/pack/image.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { arenaNeed } from "../../tools/host/values/trap.js";
import { packageRoot } from "../../tools/package-root.js";
import { RemoteGuest } from "../../tools/run/remote/remote-guest.js";
import { build, open } from "../../tools/testing/testing.js";
import type { Value } from "../../tools/host/values/value.js";
import { runImages } from "./board-runs.js";
import { type BoardCall, callOnBoard, damaging } from "./remote-runs.js";

const microbit = findBoard("microbit");
const hifive1 = findBoard("hifive1");
const netduino = findBoard("netduinoplus2");
/** Where the header says how many handles the guest needs. */
const HANDLES_AT = 52;
const BLINK = "my:gpio/app#blink";

type Core = Uint8Array<ArrayBuffer>;
let gpio: Core;
let texts: Core;

before(async () => {
  gpio = await guest("first/gpio");
  texts = await guest("texts/texts", 256);
});

function guest(name: string, arena?: number): Promise<Core> {
  const path = join(packageRoot, "tests", "guests", name);
  const more = arena === undefined ? {} : { arenaBytes: arena };
  return build({ entry: `${path}.ts`, wit: `${path}.wit`, bindings: false, ...more });
}

const samples = Buffer.from(Uint16Array.of(1, 600, 2, 700, 501).buffer);

/** A call of `blink` that notes what it is told to do. */
function blink(told: Value[][]): BoardCall {
  const note =
    (name: string) =>
    (...args: Value[]): Value => (told.push([name, ...args]), null);
  const functions = { "my:gpio/board#set": note("set"), "my:gpio/board#log": note("log") };
  return { core: gpio, name: "gpio", call: BLINK, args: [null, 600], streams: [samples], functions };
}

const TOLD: readonly Value[][] = [
  ["set", 13, true],
  ["log", "above: 700"],
  ["set", 13, false],
];

for (const board of [microbit, hifive1])
  test(`${board.name}: a stream and a number in, calls with numbers and text, a number out`, async () => {
    const told: Value[][] = [];
    const { report, outcomes } = await callOnBoard(board, [blink(told)]);
    assert.deepEqual(report.errors, []);
    assert.equal(outcomes[0]!.result, 1);
    assert.deepEqual(told, TOLD);
    const { peak, stack } = report.ends[0]!.counts;
    // The image states the need with the smallest cache of blocks; the board has four places more.
    assert.ok(peak! <= outcomes[0]!.packed.needs.pool + 4 * 24, `${peak} bytes of pool`);
    assert.ok(stack! < board.stack, `${stack} bytes of stack`);
  });

test("items that wait in the line's buffer stay whole while a call has it, and damaged orders come again", async () => {
  const told: Value[][] = [];
  // Loud items among the first of a line and the last, so that one that is lost is missed.
  const many = Uint16Array.from({ length: 20 }, (_, index) => (index % 4 === 0 ? 700 + index : index));
  const loud = [...many].filter((value) => value > 600);
  const call = { ...blink(told), streams: [Buffer.from(many.buffer)] };
  const { report, outcomes } = await callOnBoard(microbit, [call], {
    // Slower than the line: items are staged while the guest calls.
    rate: 200,
    spoil: damaging(7),
  });
  assert.deepEqual(report.errors, []);
  assert.equal(outcomes[0]!.result, loud.length);
  assert.deepEqual(
    told.filter(([name]) => name === "log").map(([, text]) => text),
    loud.map((value) => `above: ${value}`),
  );
  assert.ok(report.log.includes("again"), "no order was damaged");
});

const entry = { name: "n", tags: ["a", "", "bcd"], bytes: [1, 2, 255], at: 2n ** 63n };
const outside = {
  "test:texts/outside#join": (a: Value, b: Value): Value => [a, ...(b as string[])].join("/"),
  "test:texts/outside#ask": (question: Value): Value => `${question as string}!`,
};
const echo = (name: string, ...args: Value[]): BoardCall => ({
  core: texts,
  call: `test:texts/echo#${name}`,
  args,
});
const calls = (): BoardCall[] => [
  echo("same-text", "Grüße, 世界 🙂"),
  echo("same-entry", entry),
  echo("same-note", { entries: [entry, entry] }),
  echo("repeat", "ab", 3),
  echo("later-entry", entry),
  { core: texts, call: "through", args: ["a", ["b", "c"]], functions: outside },
  { core: texts, call: "asking", args: ["why"], functions: outside },
];

test("text, lists and records in and out, by sync and by async functions: as on V8", async () => {
  const all = calls();
  const { report, outcomes } = await callOnBoard(netduino, all);
  assert.deepEqual(report.errors, []);
  all.forEach(({ call, args }, index) => {
    const expected = open(texts, { functions: outside }).call(call, args as readonly unknown[]);
    assert.deepEqual(outcomes[index]!.result, expected, call);
  });
});

test("the deepest way on the smallest stacks: the guest's allocator runs inside of a call with five parameters", async () => {
  const through = { core: texts, call: "through", args: ["a", ["b", "c"]], functions: outside };
  for (const board of [microbit, hifive1]) {
    const { report, outcomes } = await callOnBoard(board, [through]);
    assert.deepEqual(report.errors, []);
    assert.equal(outcomes[0]!.result, "a/b/c");
    const { stack } = report.ends[0]!.counts;
    assert.ok(stack! <= board.stack - 128, `${stack} bytes of stack on ${board.name}`);
  }
});

test("a string longer than the guest's arena: a code, how many bytes are missing, and the next guest runs", async () => {
  const long = { ...echo("same-text", "x".repeat(400)), name: "long" };
  const { report, outcomes } = await callOnBoard(netduino, [long, echo("length", "four")]);
  assert.deepEqual(
    report.errors.map(({ code, name, text }) => ({ code, name, text })),
    [{ code: -67, name: "long", text: "Exception: unreachable" }],
  );
  assert.ok(report.lacks > 0);
  const onV8 = (): unknown =>
    open(texts, { functions: outside }).call(long.call, long.args as readonly unknown[]);
  assert.throws(onV8, { message: arenaNeed(report.lacks) });
  assert.equal(outcomes[1]!.result, 4);
});

test("functions that neither the firmware nor the computer has, and one of another signature", async () => {
  const packed = await packBytes("guest", gpio, { name: "gpio", call: BLINK });
  const { image, functions } = packed;
  const other = Buffer.from(image);
  const signature = other.indexOf("(ii)\0", FUNCTIONS_HEADER_BYTES, "latin1");
  other.write("(iI)", signature, "latin1");
  sealImage(other);
  // A handle less than the guest needs: the number is no larger than it has to be.
  const short = Buffer.from(image);
  short[HANDLES_AT]!--;
  sealImage(short);
  const report = await runImages(microbit, [image, other], samples);
  assert.deepEqual(
    report.errors.map(({ code, word }) => [code, word]),
    [
      [-72, "missing"],
      [-65, "unlinked"],
    ],
  );
  const { errors } = await runImages(microbit, [short], samples, {
    remote: () => new RemoteGuest(packed, () => 0, { has: () => true, call: () => Promise.resolve(null) }),
  });
  assert.match(errors[0]!.text, /no place is left in the host's tables/);
  assert.deepEqual(
    report.missing,
    functions.map(({ hash }) => hash),
  );
});

test("a board without room for them: pack says so, and its firmware knows the format is none of its", async () => {
  await assert.rejects(packBytes("guest", gpio, { name: "gpio", call: BLINK, board: "lm3s811evb" }), {
    message:
      /^gpio imports my:gpio\/board#set and my:gpio\/board#log, and the firmware of lm3s811evb, .* microbit, hifive1 and netduinoplus2 run it$/,
  });
  const { image } = await packBytes("guest", gpio, { name: "gpio", call: BLINK });
  const { errors } = await runImages(findBoard("lm3s811evb"), [image], samples);
  assert.deepEqual(
    errors.map(({ code, word }) => [code, word]),
    [[-33, "version"]],
  );
});

test("orders beyond the guest's memory, and orders that are none: a code", async () => {
  const memory = 0x20000000 - 8;
  for (const [order, payload] of [
    [1, [memory, 255]],
    [2, [memory, 1]],
    [4, [200]],
    [9, []],
  ] as const) {
    const bytes = Buffer.alloc(order === 4 ? 5 : 4 * payload.length);
    payload.forEach((value, index) =>
      order === 4 ? bytes.writeUInt8(value, 0) : bytes.writeUInt32LE(value, 4 * index),
    );
    const { image } = await packBytes("guest", gpio, { name: "gpio", call: BLINK });
    const server = {
      hasAll: () => true,
      gone: () => undefined,
      full: () => undefined,
      serve: (_: unknown, line: { readonly send: (order: number, payload: Uint8Array) => void }) => {
        line.send(order, order === 1 ? bytes.subarray(0, 5) : bytes);
        return Promise.resolve();
      },
    };
    const report = await runImages(microbit, [image], samples, { remote: () => server });
    assert.equal(report.errors[0]!.code, -67);
    assert.match(report.errors[0]!.text, /bad order from the computer/);
  }
});

/** Guests as C that go back to the firmware while they wait, with values, text and functions: as on V8. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { findEmulatedBoard } from "../../tools/pack/board-table.js";
import { build, open } from "../../tools/testing/testing.js";
import { type BoardCall, callNatively } from "../boards/remote-runs.js";
import { later, SECOND, timerGuest } from "../boards/timer-calls.js";
import { isLong } from "../tier.js";

type Core = Uint8Array<ArrayBuffer>;
let gpio: Core;
let texts: Core;
let late: Core;
let pausing: Core;

before(async () => {
  gpio = await guest("first/gpio");
  texts = await guest("texts/texts", 256);
  late = await guest("late/late");
  pausing = await guest("pausing/pausing");
});

function guest(name: string, arena?: number): Promise<Core> {
  const path = join(packageRoot, "tests", "guests", name);
  const more = arena === undefined ? {} : { arenaBytes: arena };
  return build({ entry: `${path}.ts`, wit: `${path}.wit`, bindings: false, wait: "callback", ...more });
}

for (const name of isLong
  ? ["lm3s811evb", "microbit", "netduinoplus2", "hifive1"]
  : ["lm3s811evb", "hifive1"])
  test(`${name}: a number beside a stream, calls with numbers and text, a number out`, async () => {
    const told: Value[][] = [];
    const note =
      (what: string) =>
      (...args: Value[]): Value => (told.push([what, ...args]), null);
    const { report, result } = await callNatively(findEmulatedBoard(name), {
      ...{ core: gpio, call: "my:gpio/app#blink", args: [null, 600] },
      streams: [Buffer.from(Uint16Array.of(1, 600, 2, 700, 501).buffer)],
      functions: { "my:gpio/board#set": note("set"), "my:gpio/board#log": note("log") },
    });
    assert.deepEqual(report.errors, []);
    assert.equal(result, 1);
    assert.deepEqual(told, [
      ["set", 13, true],
      ["log", "above: 700"],
      ["set", 13, false],
    ]);
  });

test("text and records in and out, and an async function that answers with text", async () => {
  const outside = {
    "test:texts/outside#join": (): Value => assert.fail("nobody calls it"),
    "test:texts/outside#ask": (question: Value): Value => `${question as string}!`,
  };
  const entry = { name: "n", tags: ["a", "", "bcd"], bytes: [1, 2, 255], at: 2n ** 63n };
  for (const [board, call, args] of [
    ["microbit", "test:texts/echo#later-entry", [entry]],
    ["lm3s811evb", "asking", ["why"]],
    ["microbit", "asking", ["why"]],
  ] as const) {
    const one: BoardCall = { core: texts, call, args: args as unknown as Value[], functions: outside };
    const { report, result } = await callNatively(findEmulatedBoard(board), one);
    assert.deepEqual(report.errors, []);
    assert.deepEqual(result, open(texts, { functions: outside }).call(call, args as readonly unknown[]));
  }
});

test("a guest that pauses sees what has come meanwhile, and is not cut off", async () => {
  for (const board of ["lm3s811evb", "microbit"]) {
    const { report, result } = await callNatively(findEmulatedBoard(board), {
      ...{ core: pausing, call: "my:poll/p#count", args: [null] },
      streams: [Buffer.from(Uint16Array.from({ length: 50 }).buffer)],
    });
    assert.deepEqual(report.errors, []);
    assert.equal(result, 50);
  }
});

test("a trap and an endless loop behind a wait: a code each", async () => {
  const board = findEmulatedBoard("microbit");
  for (const [last, word] of [
    [1, "trap"],
    [2, "hung"],
  ] as const) {
    const call = { core: late, call: "count", args: [null], streams: [Buffer.from([5, last])] };
    const { report } = await callNatively(board, call);
    assert.deepEqual(
      report.errors.map((error) => error.word),
      [word],
    );
  }
});

test("calls that go on, and the earlier of two times: the core sleeps as often as with --wait wait", async () => {
  const board = findEmulatedBoard("microbit");
  const waiting = await timerGuest("waiting", { wait: "callback" });
  const args = [5n * SECOND, 2n * SECOND];
  const { report, result } = await callNatively(board, {
    ...{ core: waiting, call: "test:timers/app#earlier", args },
  });
  assert.deepEqual(report.errors, []);
  const taken = result as bigint;
  assert.ok(taken >= 2n * SECOND && taken < 2n * SECOND + 1_000_000n, `${taken} ns for two seconds`);
  assert.equal(report.ends[0]!.counts.wakes, 1);
  const calling = await timerGuest("calling", { wait: "callback" });
  const items = Uint16Array.from({ length: 200 }, (_, index) => index);
  const both = { core: calling, call: "test:timers/asking#both", args: [null], functions: later([]) };
  const done = await callNatively(
    board,
    { ...both, streams: [Buffer.from(items.buffer)] },
    { realTime: true },
  );
  assert.deepEqual([done.report.errors, done.result], [[], [6n, 14n, 19_900]]);
});

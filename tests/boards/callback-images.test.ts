/**
 * Images of guests that go back to the firmware while they wait (`rill build --wait callback`): as on V8,
 * several live ones on one native stack, and what goes wrong has a code.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { build } from "../../tools/testing/testing.js";
import { boardsByDay, runImages } from "./board-runs.js";
import { callOnBoard } from "./remote-runs.js";
import { words } from "./guests.js";
import { SECOND, timerGuest } from "./timer-calls.js";

type Core = Uint8Array<ArrayBuffer>;
const boards = boardsByDay.filter(({ functions }) => functions === true);
const microbit = findBoard("microbit");
const DOUBLE = "my:test/i#double";
let double: Core;

before(async () => {
  double = await guest("double/double");
});

function guest(name: string, arena?: number): Promise<Core> {
  const path = join(packageRoot, "tests", "guests", name);
  const more = arena === undefined ? {} : { arenaBytes: arena };
  return build({ entry: `${path}.ts`, wit: `${path}.wit`, bindings: false, wait: "callback", ...more });
}

const items = Buffer.from(Uint32Array.from({ length: 100 }, (_, index) => 3 * index).buffer);
const doubled = Buffer.from(Uint32Array.from({ length: 100 }, (_, index) => 6 * index).buffer);

for (const board of boards) {
  test(`${board.name}: items as on V8, waiting for each of them or for none`, async () => {
    const { report, outcomes } = await callOnBoard(board, [
      { core: double, call: DOUBLE, streams: [items] },
      { core: double, call: DOUBLE, streams: [items] },
    ]);
    assert.deepEqual(report.errors, []);
    for (const outcome of outcomes) assert.deepEqual(Buffer.from(outcome.items!), doubled);
    const { packed } = outcomes[0]!;
    assert.ok(report.ends[0]!.counts.peak! <= packed.needs.pool + 8 * 24, "more pool than stated");
  });
}

test("ten live guests on microbit, each with its own stream, twice, on the native stack of one", async () => {
  const { image } = await packBytes("double", double, { name: "double", call: null, board: "microbit" });
  const feed = (_: string, stream: number): Uint8Array => words([stream, stream + 1000]);
  const one = await runImages(microbit, [image], feed, { guests: 1 });
  const ten = await runImages(microbit, [image], feed, { guests: 10 });
  assert.deepEqual(ten.errors, []);
  assert.equal(ten.ends.length, 20);
  for (let stream = 0; stream < 20; stream += 2) {
    const once = [2 * stream, 2 * (stream + 1000)];
    const key = `0:${(stream + 1).toString(16).padStart(2, "0")}`;
    assert.deepEqual(Buffer.from(ten.outputs.get(key)!), Buffer.from(words([...once, ...once])));
  }
  const stackOf = ({ ends }: typeof one): number => Math.max(...ends.map(({ counts }) => counts.stack!));
  assert.equal(stackOf(ten), stackOf(one));
});

test("a number beside a stream, calls with numbers and text, a number out", async () => {
  const told: Value[][] = [];
  const note =
    (name: string) =>
    (...args: Value[]): Value => (told.push([name, ...args]), null);
  const { report, outcomes } = await callOnBoard(microbit, [
    {
      core: await guest("first/gpio"),
      call: "my:gpio/app#blink",
      args: [null, 600],
      streams: [Buffer.from(Uint16Array.of(1, 600, 2, 700, 501).buffer)],
      functions: { "my:gpio/board#set": note("set"), "my:gpio/board#log": note("log") },
    },
  ]);
  assert.deepEqual(report.errors, []);
  assert.equal(outcomes[0]!.result, 1);
  assert.deepEqual(told, [
    ["set", 13, true],
    ["log", "above: 700"],
    ["set", 13, false],
  ]);
});

test("a guest that pauses sees what has come meanwhile, and is not cut off", async () => {
  const { report, outcomes } = await callOnBoard(microbit, [
    {
      core: await guest("pausing/pausing"),
      call: "my:poll/p#count",
      args: [null],
      streams: [Buffer.from(Uint16Array.from({ length: 50 }).buffer)],
    },
  ]);
  assert.deepEqual(report.errors, []);
  assert.equal(outcomes[0]!.result, 50);
});

test("a trap and an endless loop behind a wait: a code each, and the next guest runs", async () => {
  const late = await guest("late/late");
  const call = (...values: number[]) => ({
    core: late,
    call: "count",
    args: [null],
    streams: [Buffer.from(values)],
  });
  const { report, outcomes } = await callOnBoard(microbit, [call(5, 1), call(5, 2), call(5, 6, 7)]);
  assert.deepEqual(
    report.errors.map(({ word }) => word),
    ["trap", "hung"],
  );
  assert.equal(outcomes[2]!.result, 3);
});

test("a stream or a timer, and the earlier of two: the core sleeps as often as with --wait wait", async () => {
  const waiting = await timerGuest("waiting", { wait: "callback" });
  const call = (name: string, ...args: Value[]) => ({ core: waiting, call: `test:timers/app#${name}`, args });
  const { report, outcomes } = await callOnBoard(microbit, [
    call("earlier", 5n * SECOND, 2n * SECOND),
    { ...call("gather", null, SECOND), streams: [Buffer.from(Uint16Array.of(1, 2, 3).buffer)] },
    call("stuck"),
  ]);
  assert.deepEqual(
    report.errors.map(({ word }) => word),
    ["hung"],
  );
  const taken = outcomes[0]!.result as bigint;
  assert.ok(taken >= 2n * SECOND && taken < 2n * SECOND + 1_000_000n, `${taken} ns for two seconds`);
  assert.equal(report.ends[0]!.counts.wakes, 1);
  // The core's time runs ahead of the computer's, so hardly a line comes before the second is over.
  assert.ok((outcomes[1]!.result as number) <= 3);
  assert.ok(report.ends[1]!.counts.wakes! <= 3, `${report.ends[1]!.counts.wakes} wake-ups`);
});

test("lm3s811evb, whose flash has no room for it: refused when it is packed", async () => {
  await assert.rejects(packBytes("guest", double, { name: "double", call: null, board: "lm3s811evb" }), {
    message:
      /waits by returning to its host \(rill build --wait wait .*lm3s811evb.*microbit, hifive1 and netduinoplus2 run it/,
  });
});

/**
 * Calls of async functions that go on while the guest does something else, and the clock: what waits costs
 * nothing meanwhile, and what loops is cut off all the same.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { findBoard } from "../../tools/pack/board-table.js";
import { sealImage } from "../../tools/pack/image.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { RemoteGuest } from "../../tools/run/remote/remote-guest.js";
import type { Value } from "../../tools/host/values/value.js";
import { runImages } from "./board-runs.js";
import { type BoardCall, callOnBoard, damaging } from "./remote-runs.js";
import { later, losing, SECOND, timerGuest, withoutItems } from "./timer-calls.js";

const microbit = findBoard("microbit");
const hifive1 = findBoard("hifive1");
const netduino = findBoard("netduinoplus2");
const boards = [microbit, hifive1, netduino];
/** Where the header says how many handles, and how many calls at once, the guest needs. */
const HANDLES_AT = 52;
const CALLS_AT = 53;
const HOUR = 3_600n * SECOND;

type Core = Uint8Array<ArrayBuffer>;
let waiting: Core;
let calling: Core;

before(async () => {
  waiting = await timerGuest("waiting");
  calling = await timerGuest("calling");
});

/** A call of the guest that waits, with the clock of the board. */
function wait(name: string, ...args: Value[]): BoardCall {
  return { core: waiting, name, call: `test:timers/app#${name}`, args };
}

/** What wakes netduinoplus2 while it waits: its timer reaches 799 ms. */
const LONGEST_COUNT = 2 ** 24 / 21e6;

for (const [board, step, most] of [
  [microbit, 1_000n, () => 1],
  // The emulated one's timer counts faster than the real one's.
  [hifive1, 100n, () => 1],
  [netduino, 48n, (seconds: number) => Math.floor(seconds / LONGEST_COUNT) + 2],
] as const)
  test(`${board.name}: a wait takes its time, and the core sleeps through it`, async () => {
    const { report, outcomes } = await callOnBoard(board, [
      wait("wait", 0n),
      wait("wait", SECOND),
      wait("earlier", 5n * SECOND, 2n * SECOND),
      { ...wait("resolution"), name: "step" },
    ]);
    assert.deepEqual(report.errors, []);
    const [none, second, earlier, resolution] = outcomes.map(({ result }) => result as bigint);
    assert.ok(none! < 1_000_000n, `${none} ns for a wait of nothing`);
    assert.ok(second! >= SECOND && second! < SECOND + 1_000_000n, `${second} ns for a second`);
    assert.ok(
      earlier! >= 2n * SECOND && earlier! < 2n * SECOND + 1_000_000n,
      `${earlier} ns for two seconds`,
    );
    assert.equal(resolution, step);
    const wakes = report.ends.map(({ counts }) => counts.wakes!);
    assert.ok(wakes[0] === 0 && wakes[1]! >= 1 && wakes[1]! <= most(1), `${wakes[1]} wake-ups in a second`);
    assert.ok(wakes[2]! >= 1 && wakes[2]! <= most(2), `${wakes[2]} wake-ups in two seconds`);
  });

for (const [board, rounds] of [
  [microbit, 2],
  [hifive1, 0],
] as const)
  test(`${board.name}: three hours, in which its timer comes round ${rounds} times, and a wait that never ends beside them`, async () => {
    const { report, outcomes } = await callOnBoard(board, [wait("earlier", 2n ** 63n, 3n * HOUR)]);
    assert.deepEqual(report.errors, []);
    const taken = outcomes[0]!.result as bigint;
    assert.ok(taken >= 3n * HOUR && taken < 3n * HOUR + 1_000_000n, `${taken} ns`);
    assert.equal(report.ends[0]!.counts.wakes, rounds + 1);
  });

test("a tick that moves items keeps its rate while the core sleeps for a timer, too", async () => {
  for (const board of boards) {
    const { report, outcomes } = await callOnBoard(board, [wait("gather", null, SECOND / 4n)], {
      ...{ policy: "hold", rate: 100, items: 50 },
    });
    assert.deepEqual([outcomes[0]!.result, report.errors], [50, []], board.name);
    // Each tick wakes it, and none but them.
    assert.ok(
      report.ends[0]!.counts.wakes! <= 52,
      `${report.ends[0]!.counts.wakes} wake-ups on ${board.name}`,
    );
  }
});

test("a stream or a timer: items that come in time are counted, and when none comes the timer ends the wait", async () => {
  const samples = Buffer.from(Uint16Array.of(1, 2, 3).buffer);
  const gather = { ...wait("gather", null, SECOND), streams: [samples] };
  for (const board of boards) {
    const real = await callOnBoard(board, [gather], { realTime: true });
    assert.deepEqual([real.outcomes[0]!.result, real.report.errors], [3, []]);
    const { report, outcomes } = await callOnBoard(board, [gather], { spoil: withoutItems });
    assert.deepEqual([outcomes[0]!.result, report.errors], [0, []]);
    assert.ok(report.ends[0]!.counts.wakes! <= 3, `${report.ends[0]!.counts.wakes} wake-ups`);
  }
});

test("at a rate the tick goes on while the guest waits for time", async () => {
  for (const board of boards) {
    const { report, outcomes } = await callOnBoard(board, [wait("wait", SECOND)], { rate: 1_000 });
    assert.deepEqual(report.errors, []);
    const taken = outcomes[0]!.result as bigint;
    assert.ok(taken >= SECOND && taken < SECOND + 2_000_000n, `${taken} ns for a second`);
    const { ticks } = report.ends[0]!.counts;
    assert.ok(ticks! >= 990, `${ticks} ticks in a second`);
  }
});

test("a guest that loops behind a wait is cut off, and the next one runs", async () => {
  for (const board of boards) {
    const { report, outcomes } = await callOnBoard(board, [wait("stuck"), wait("wait", SECOND)]);
    assert.deepEqual(
      report.errors.map(({ code, name }) => [code, name]),
      [[-68, "stuck"]],
    );
    assert.ok((outcomes[1]!.result as bigint) >= SECOND);
  }
});

test("the image says how many handles and calls the guest needs: one less is too few", async () => {
  const packed = await packBytes("guest", waiting, { call: "test:timers/app#earlier" });
  const { image } = packed;
  assert.deepEqual([image[HANDLES_AT], image[CALLS_AT]], [4, 3]);
  for (const [at, less, text] of [
    [HANDLES_AT, 2, /no place is left in the host's tables/],
    [CALLS_AT, 2, /no place for a call/],
  ] as const) {
    const short = Buffer.from(image);
    short[at]! -= less;
    sealImage(short);
    const remote = new RemoteGuest(packed, () => SECOND, {
      has: () => false,
      call: () => Promise.reject(new Error("not asked")),
    });
    const { errors } = await runImages(microbit, [short], Buffer.alloc(0), { remote: () => remote });
    assert.match(errors[0]!.text, text);
  }
});

for (const [board, what, spoil] of [
  [microbit, "", {}],
  [microbit, ", over a line that loses an order while an answer waits", { spoil: losing() }],
  [hifive1, "", {}],
  [netduino, "", {}],
  [netduino, ", over a line with noise", { spoil: damaging(-2) }],
] as const)
  test(`${board.name}: calls that are answered later go on beside a stream, and one is cancelled${what}`, async () => {
    const items = Uint16Array.from({ length: 200 }, (_, index) => index);
    const asked: Value[] = [];
    const call = { core: calling, call: "test:timers/asking#both", args: [null], functions: later(asked) };
    const streams = [Buffer.from(items.buffer)];
    const { report, outcomes } = await callOnBoard(board, [{ ...call, streams }], {
      realTime: true,
      ...spoil,
    });
    assert.deepEqual(report.errors, []);
    assert.deepEqual(outcomes[0]!.result, [6n, 14n, 19_900]);
    assert.deepEqual(asked, [3n, 7n, 1n]);
    assert.equal(report.log.filter((text) => text.startsWith("gone ")).length, 1);
  });

test("strings are lowered while the guest waits for them, where the native stack has room for that", async () => {
  for (const board of [netduino, microbit, hifive1]) {
    const asked: Value[] = [];
    const call = { core: calling, call: "test:timers/asking#texts", functions: later(asked) };
    const { report, outcomes } = await callOnBoard(board, [call], { realTime: true });
    assert.deepEqual([report.errors, outcomes[0]!.result], [[], "second? first?"]);
    assert.equal(
      report.log.some((text) => text.startsWith("next ")),
      board !== microbit,
    );
  }
});

/** Guests as C on boards with a clock: calls that go on, and the time. Elsewhere calls end at once. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { buildGuestFirmware, symbolsOf } from "../../tools/boards/firmware.js";
import { boardGuest } from "../../tools/native/board-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { type EmulatedBoard, findEmulatedBoard } from "../../tools/pack/board-table.js";
import type { Value } from "../../tools/host/values/value.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { type BoardCall, callNatively, damaging } from "../boards/remote-runs.js";
import { later, losing, SECOND, timerGuest, withoutItems } from "../boards/timer-calls.js";
import { isLong } from "../tier.js";

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

/** What a wait of so many nanoseconds took, and how often the core was woken. */
async function taken(board: string, call: BoardCall): Promise<{ time: bigint; wakes: number }> {
  const { report, result } = await callNatively(findEmulatedBoard(board), call);
  assert.deepEqual(report.errors, []);
  return { time: result as bigint, wakes: report.ends[0]!.counts.wakes! };
}

function requireTime(time: bigint, wanted: bigint): void {
  assert.ok(time >= wanted && time < wanted + 1_000_000n, `${time} ns for ${wanted}`);
}

/** Wake-ups in so many seconds: netduinoplus2's timer reaches 799 ms. */
for (const [board, step, wakesIn] of [
  ["microbit", 1_000n, () => 1],
  ["netduinoplus2", 48n, (seconds: number) => Math.floor(seconds / (2 ** 24 / 21e6)) + 2],
  ["hifive1", 100n, () => 1],
] as const)
  test(`${board}: a wait takes its time, and the core sleeps through it`, async () => {
    const second = await taken(board, wait("wait", SECOND));
    requireTime(second.time, SECOND);
    assert.ok(second.wakes >= 1 && second.wakes <= wakesIn(1), `${second.wakes} wake-ups in a second`);
    const earlier = await taken(board, wait("earlier", 5n * SECOND, 2n * SECOND));
    requireTime(earlier.time, 2n * SECOND);
    assert.ok(earlier.wakes >= 1 && earlier.wakes <= wakesIn(2), `${earlier.wakes} wake-ups in two`);
    assert.equal((await taken(board, wait("resolution"))).time, step);
  });

test("a wait of nothing, three hours beside a wait that never ends", async () => {
  const none = await taken("hifive1", wait("wait", 0n));
  assert.ok(none.time < 1_000_000n && none.wakes === 0, `${none.time} ns for a wait of nothing`);
  requireTime((await taken("hifive1", wait("earlier", 2n ** 63n, 3n * HOUR))).time, 3n * HOUR);
});

for (const name of isLong ? ["microbit", "netduinoplus2", "hifive1"] : ["microbit"])
  test(`${name}: a stream or a timer: items that come in time are counted, and when none comes the timer ends the wait`, async () => {
    const board = findEmulatedBoard(name);
    const gather = {
      ...wait("gather", null, SECOND),
      streams: [Buffer.from(Uint16Array.of(1, 2, 3).buffer)],
    };
    const real = await callNatively(board, gather, { realTime: true });
    assert.deepEqual([real.result, real.report.errors], [3, []]);
    const { report, result } = await callNatively(board, gather, { spoil: withoutItems });
    assert.deepEqual([result, report.errors], [0, []]);
    assert.ok(report.ends[0]!.counts.wakes! <= 3, `${report.ends[0]!.counts.wakes} wake-ups`);
  });

test("at a rate the tick goes on while the guest waits for time", async () => {
  for (const board of ["netduinoplus2", "hifive1"]) {
    const { report, result } = await callNatively(findEmulatedBoard(board), wait("wait", SECOND), {
      rate: 1_000,
    });
    assert.deepEqual(report.errors, []);
    const time = result as bigint;
    assert.ok(time >= SECOND && time < SECOND + 2_000_000n, `${time} ns for a second`);
    const { ticks } = report.ends[0]!.counts;
    assert.ok(ticks! >= 990, `${ticks} ticks in a second`);
  }
});

test("a guest that loops behind a wait is cut off", async () => {
  for (const board of ["microbit", "hifive1"]) {
    const { report } = await callNatively(findEmulatedBoard(board), wait("stuck"));
    assert.deepEqual(
      report.errors.map(({ code }) => code),
      [-68],
    );
    assert.equal(report.log.at(-1), "done");
  }
});

const items = Uint16Array.from({ length: 200 }, (_, index) => index);

for (const [board, what, spoil] of [
  ["microbit", "", {}],
  ["microbit", ", over a line that loses an order while an answer waits", { spoil: losing() }],
  ["netduinoplus2", ", over a line with noise", { spoil: damaging(-2) }],
  ["hifive1", "", {}],
] as const)
  test(`${board}: calls that are answered later go on beside a stream, and one is cancelled${what}`, async () => {
    const asked: Value[] = [];
    const { report, result } = await callNatively(
      findEmulatedBoard(board),
      {
        ...{ core: calling, call: "test:timers/asking#both", args: [null], functions: later(asked) },
        streams: [Buffer.from(items.buffer)],
      },
      { realTime: true, ...spoil },
    );
    assert.deepEqual(report.errors, []);
    assert.deepEqual(result, [6n, 14n, 19_900]);
    assert.deepEqual(asked, [3n, 7n, 1n]);
    assert.equal(report.log.filter((text) => text.startsWith("gone ")).length, 1);
  });

test("strings are lowered while the guest waits for them", async () => {
  for (const name of ["microbit", "hifive1"]) {
    const board = findEmulatedBoard(name);
    const call = { core: calling, call: "test:timers/asking#texts", functions: later([]) };
    const { report, result } = await callNatively(board, call, { realTime: true });
    assert.deepEqual([report.errors, result], [[], "second? first?"]);
    assert.ok(report.log.some((text) => text.startsWith("next ")));
  }
});

test("a board without a clock: each call is answered before the guest goes on", async () => {
  const call = { core: calling, call: "test:timers/asking#texts", functions: later([]) };
  const { report, result } = await callNatively(findEmulatedBoard("lm3s811evb"), call);
  assert.deepEqual([report.errors, result], [[], "second? first?"]);
  assert.ok(!report.log.some((text) => text.startsWith("start ")));
});

/** What calls that go on take of microbit's flash, as docs/native.md says. */
const MOST_BYTES = 5_000;

test("calls that go on take what docs/native.md says, and only of a guest that has such", async () => {
  const page = readFileSync(join(packageRoot, "docs", "native.md"), "utf8");
  assert.ok(page.includes(`at most ${MOST_BYTES.toLocaleString("en")} bytes of flash on \`microbit\``));
  const { hasClock, ...without } = findEmulatedBoard("microbit");
  assert.equal(hasClock, true);
  const symbolsFor = async (board: EmulatedBoard, name: string): Promise<ReadonlyMap<string, number>> => {
    const world = moduleWorld("guest", waiting)!;
    const guest = await boardGuest("guest", waiting, world, `test:timers/app#${name}`, board);
    return symbolsOf(await buildGuestFirmware(board, guest));
  };
  const [all, none] = [await symbolsFor({ ...without, hasClock }, "wait"), await symbolsFor(without, "wait")];
  const more = all.get("__flash_used")! - none.get("__flash_used")!;
  assert.ok(more > 0 && more <= MOST_BYTES, `${more} bytes`);
  assert.ok(all.has("rill_call_begin") && all.has("board_clock_now"));
  assert.ok(!none.has("rill_call_begin") && !none.has("board_clock_now"));
});

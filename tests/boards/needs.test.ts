/**
 * What an image states of its needs is what its guest needs: on a board it runs with that, and with one
 * less of each number it is refused, or its guest traps, and each time the reason is said.
 * docs/integration.md has the table.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { moreForBlocks } from "../../tools/pack/block-cache.js";
import { packageRoot } from "../../tools/package-root.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { sealImage } from "../../tools/pack/image.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import type { Value } from "../../tools/host/values/value.js";
import { RemoteGuest } from "../../tools/run/remote/remote-guest.js";
import type { BoardReport } from "../../tools/boards/serial-link.js";
import { build } from "../../tools/testing/testing.js";
import { runImages } from "./board-runs.js";
import { type BoardCall, callOnBoard } from "./remote-runs.js";

const microbit = findBoard("microbit");
/** Where numbers are in the header. */
const POOL_AT = 40;
const STACK_AT = 42;
const WORDS_AT = 51;
const HANDLES_AT = 52;
const CALLS_AT = 53;
const POOL_UNIT = 8;
/** Bytes of operand stack that the boards' firmware gives at most. */
const MOST_STACK = 4096;

let double: BoardCall;
let gpio: BoardCall;
let tmo: BoardCall;
let through: BoardCall;

before(async () => {
  double = {
    core: await guest("double/double"),
    call: "my:test/i#double",
    streams: [Buffer.from(Uint32Array.of(1, 2, 3).buffer)],
  };
  gpio = {
    core: await guest("first/gpio"),
    call: "my:gpio/app#blink",
    args: [null, 600],
    streams: [Buffer.from(Uint16Array.of(1, 600, 2, 700, 501).buffer)],
    functions: { "my:gpio/board#set": () => null, "my:gpio/board#log": () => null },
  };
  tmo = {
    core: await guest("first/tmo"),
    call: "my:tmo/app#gather",
    args: [null],
    streams: [Buffer.from(Uint16Array.of(1, 2, 3).buffer)],
    // It goes on until the guest cancels it.
    functions: { "my:tmo/clock#wait-for": () => new Promise<never>(() => undefined) as unknown as Value },
  };
  through = {
    core: await guest("texts/texts", 256),
    call: "through",
    args: ["a", ["b", "c"]],
    functions: { "test:texts/outside#join": (a, b) => [a, ...(b as string[])].join("/") },
  };
});

function guest(name: string, arena?: number): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(packageRoot, "tests", "guests", name);
  const more = arena === undefined ? {} : { arenaBytes: arena };
  return build({ entry: `${path}.ts`, wit: `${path}.wit`, bindings: false, ...more });
}

/** Runs images of `call` whose headers say something else, one after the other. */
async function runChanged(
  { core, call, args = [], streams = [], functions = {} }: BoardCall,
  ...changes: readonly ((image: Buffer) => void)[]
): Promise<BoardReport> {
  const packed = await packBytes("guest", core, { name: "guest", call });
  const images = changes.map((change) => {
    const image = Buffer.from(packed.image);
    change(image);
    sealImage(image);
    return image;
  });
  return runImages(microbit, images, (_, index) => streams[index]!, {
    remote: () =>
      new RemoteGuest(packed, (index) => args[index]!, {
        has: () => true,
        call: ({ id }, values) => Promise.resolve(functions[id]!(...values)),
      }),
  });
}

const unchanged = (): void => undefined;
const less =
  (at: number, by = 1) =>
  (image: Buffer): void => {
    image[at]! -= by;
  };

function errors({ errors: all }: BoardReport): string[] {
  return all.map(({ code, text }) => `${code} ${text}`);
}

test("operand stack: to the byte where a run takes the deepest way", async () => {
  for (const call of [double, gpio, through]) {
    const stated = await callOnBoard(microbit, [call]);
    assert.deepEqual(stated.report.errors, []);
    const { stack } = stated.outcomes[0]!.packed.needs;
    const { report } = await callOnBoard(microbit, [{ ...call, choices: { needs: { stack: stack - 1 } } }]);
    assert.deepEqual(errors(report), ["-67 Exception: wasm operand stack overflow"], call.call);
  }
});

test("operand stack that the firmware does not give: a code", async () => {
  const asking =
    (stack: number) =>
    (image: Buffer): void => {
      image.writeUInt16LE(stack, STACK_AT);
    };
  const report = await runChanged(double, asking(MOST_STACK), asking(MOST_STACK + 1));
  assert.deepEqual(errors(report), ["-39 "]);
  assert.equal(report.ends.length, 1);
});

test("pool: a bound that a run stays below, compared to the unit", async () => {
  const { report, outcomes } = await callOnBoard(microbit, [gpio]);
  const more = moreForBlocks(microbit.blockCache);
  assert.ok(report.ends[0]!.counts.peak! <= outcomes[0]!.packed.needs.pool + more);
  const there = report.banner.pool! - more;
  const asking =
    (pool: number) =>
    (image: Buffer): void => {
      image.writeUInt16LE(pool / POOL_UNIT, POOL_AT);
    };
  const refused = await runChanged(double, asking(there), asking(there + POOL_UNIT));
  assert.deepEqual(errors(refused), ["-38 "]);
  assert.equal(refused.ends.length, 1);
});

test("handles: one less and the guest traps for want of a place", async () => {
  const report = await runChanged(gpio, less(HANDLES_AT), unchanged);
  assert.deepEqual(errors(report), ["-67 Exception: no place is left in the host's tables"]);
  assert.equal(report.ends.length, 1);
});

test("calls that go on; the handles that these take are tried in timers.test.ts", async () => {
  const report = await runChanged(tmo, less(CALLS_AT), unchanged);
  assert.deepEqual(errors(report), ["-67 Exception: no place for a call: the image says how many"]);
  assert.equal(report.ends.length, 1);
});

test("words of parameters: one less and they do not go in", async () => {
  const report = await runChanged(gpio, less(WORDS_AT), unchanged);
  assert.match(errors(report).join(), /^-67 Exception: invalid argument count 1, must be no smaller than 2$/);
  assert.equal(report.ends.length, 1);
});

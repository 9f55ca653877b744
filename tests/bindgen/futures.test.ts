/**
 * Futures of every kind of value, and streams without element type: parameters
 * and results, exported and imported.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Items } from "../../tools/host/copies/items.js";
import { type HostFunction, immediate } from "../../tools/host/calls/lower.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { Trap } from "../../tools/host/values/trap.js";
import type { Value } from "../../tools/host/values/value.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import type { FunctionType, ValueType } from "../../tools/wit/model.js";
import { type BuiltGuest, FuturesHost, buildTestGuest } from "./futures-host.js";

const MADE = "test:futures/made";
const OUTSIDE = "test:futures/outside";
let folder: string;
let guest: BuiltGuest;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-futures-"));
  guest = await buildTestGuest("futures", folder);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const u8: ValueType = { kind: "u8" };
const u32: ValueType = { kind: "u32" };

function exported(name: string): FunctionType {
  return guest.built.world.exports.interfaces[0]!.functions.find((func) => func.name === name)!;
}

/** The element type of a parameter that is a stream or future. */
function element(name: string, param = 0): ValueType | null {
  return (exported(name).params[param]!.type as ValueType & { kind: "future" }).element;
}

const values: readonly (readonly [string, Value, Value])[] = [
  ["twice", 21, 42],
  ["mirror", { x: 3, y: -5n }, { x: -3, y: 5n }],
  ["greet", "ß😀", "hello ß😀"],
  ["relabel", { name: "a", tags: [1, 2, 65535] }, { name: "a!", tags: [1, 2, 65535] }],
  ["letter", "a", "b"],
  ["after", null, null],
];

for (const policy of ["ready", "blocking"] as const) {
  for (const [name, given, expected] of values) {
    test(`${name}, ${policy}: a future comes in and one goes out, call after call, and nothing stays`, () => {
      const host = new FuturesHost(guest, policy, outside);
      for (let i = 0; i < 50; i++) {
        const argument = host.future(element(name), given);
        assert.deepEqual(host.valueOf(`${MADE}#${name}`, [argument]), expected);
        assert.deepEqual(host.held(), []);
      }
    });
  }

  test(`pick, ${policy}: a stream and a future side by side`, () => {
    const host = new FuturesHost(guest, policy, outside);
    const pick = (place: number): Value =>
      host.valueOf(`${MADE}#pick`, [host.stream(u32, [10, 11, 12]), host.future(u8, place)]);
    assert.deepEqual([pick(0), pick(2), pick(3)], [{ some: 10 }, { some: 12 }, null]);
    assert.deepEqual(host.held(), []);
  });

  test(`count and tick, ${policy}: streams without element type`, () => {
    const host = new FuturesHost(guest, policy, outside);
    const ticks = (n: number): Value => host.stream(null, new Array<null>(n).fill(null));
    for (const n of [0, 1, 1000]) {
      const call = host.guest.start(`${MADE}#count`, [ticks(n)]);
      assert.equal(host.finish(call), n);
      for (const atATime of [1, 7, 100_000])
        assert.equal(host.itemsOf(`${MADE}#tick`, [n, atATime]).length, n, `${atATime} at a time`);
    }
    assert.equal(host.itemsOf(`${MADE}#tick`, [1000, 1], 10).length, 10);
    assert.deepEqual(host.held(), []);
  });

  test(`tick, ${policy}: as many items in one copy as the Component Model allows, and one more`, () => {
    const most = 2 ** 28 - 1;
    const host = new FuturesHost(guest, policy, outside);
    const ticksOf = (n: number, atATime: number): number[] => {
      const copies: number[] = [];
      const push = ({ length }: Items): boolean => copies.push(length) > 0;
      const call = host.guest.start(`${MADE}#tick`, [n, atATime], (stream) => {
        host.guest.loop.add(new StreamSink(stream as unknown as SharedStream, { push }, policy));
      });
      host.guest.finish(call);
      return copies;
    };
    assert.deepEqual(ticksOf(most + 1, most), [most, 1]);
    assert.throws(() => ticksOf(most + 1, most + 1), Trap);
  });

  test(`early, ${policy}: the preset value goes when the guest writes none`, () => {
    const host = new FuturesHost(guest, policy, outside);
    assert.equal(host.valueOf(`${MADE}#early`, []), 77);
    assert.deepEqual(host.held(), []);
  });

  test(`unwritten, ${policy}: a future that nothing is written to is a trap that says so`, () => {
    const host = new FuturesHost(guest, policy, outside);
    assert.throws(
      () => host.valueOf(`${MADE}#unwritten`, []),
      (error) => error instanceof Trap && /dropped before the future is written/.test(error.message),
    );
  });

  test(`ignore, ${policy}: a parameter that nobody reads is dropped`, () => {
    const host = new FuturesHost(guest, policy, outside);
    host.guest.call(`${MADE}#ignore`, [host.future({ kind: "string" }, "x")]);
    assert.deepEqual(host.held(), []);
  });

  test(`race, ${policy}: both are started, the one that is not read is cancelled`, () => {
    const host = new FuturesHost(guest, policy, outside);
    const call = host.guest.start(`${MADE}#race`, [host.future(u32, 5), host.future(u32, 6)]);
    assert.deepEqual(host.finish(call), policy === "ready" ? [0, 5] : [1, 5]);
    assert.deepEqual(host.held(), []);
  });

  test(`fetch and echo, ${policy}: a future and a unit stream through imported functions`, () => {
    const host = new FuturesHost(guest, policy, outside);
    for (let i = 0; i < 20; i++)
      assert.equal(
        host.finish(host.guest.start(`${MADE}#fetch`, [i, 3])),
        `text of ${i}`,
        "what the host gives",
      );
    assert.equal(limits.length, 20);
    assert.equal(host.finish(host.guest.start(`${MADE}#echo`, [25])), 25);
    assert.deepEqual(host.held(), []);
    limits.length = 0;
  });
}

/** The futures that `fetch` was given. */
const limits: Value[] = [];

function outside(host: FuturesHost): ReadonlyMap<string, HostFunction> {
  return new Map([
    [
      `${OUTSIDE}#fetch`,
      immediate((key, limit) => {
        limits.push(limit!);
        host.read(limit!);
        return host.future({ kind: "string" }, `text of ${key as string}`);
      }),
    ],
    [`${OUTSIDE}#slow`, conducted(host, ([n]) => n!)],
    [
      `${OUTSIDE}#feed`,
      conducted(host, ([x, n]) => {
        host.collect(x!);
        return host.future(u32, Number(n) + 1);
      }),
    ],
    [
      `${OUTSIDE}#echo`,
      immediate((ticks) => {
        const { items, sink } = host.collect(ticks!);
        return host.pulled(null, () => (items.length > 0 ? items.splice(0) : sink.ended ? "end" : "later"));
      }),
    ],
  ]);
}

/**
 * What the host does with `slow` and `feed`: when it starts a call, when it answers, and
 * what it does when it is asked to stop.
 */
type Conduct = "at once" | "later" | "never start" | "never answer" | "answer when cancelled";
let conduct: Conduct = "at once";

/** A function that the test conducts. */
function conducted(host: FuturesHost, answer: (args: readonly Value[]) => Value): HostFunction {
  return (call) => {
    if (conduct === "at once") call.return(answer(call.start()));
    if (conduct === "never start")
      return () => {
        call.cancelled();
      };
    if (conduct === "never answer" || conduct === "answer when cancelled") {
      const args = call.start();
      return () => {
        if (conduct === "never answer") call.cancelled();
        else call.return(answer(args));
      };
    }
    if (conduct === "later") {
      let turns = 0;
      let args: readonly Value[] = [];
      host.guest.loop.add({
        progress: () => {
          if (++turns === 2) args = call.start();
          if (turns === 4) call.return(answer(args));
          return turns <= 4;
        },
      });
    }
    return undefined;
  };
}

for (const policy of ["ready", "blocking"] as const) {
  for (const way of ["at once", "later"] as const) {
    test(`overlap, ${policy}, answered ${way}: two calls go on at the same time, call after call`, () => {
      conduct = way;
      const host = new FuturesHost(guest, policy, outside);
      for (let i = 0; i < 20; i++) assert.equal(host.guest.call(`${MADE}#overlap`, [i]), 2 * i + 1);
      assert.deepEqual(host.held(), []);
    });
  }

  const given: readonly (readonly [Conduct, Value])[] = [
    ["at once", [true, true, true]],
    ["never start", [false, false, false]],
    ["never answer", [false, false, true]],
    ["answer when cancelled", [true, true, true]],
  ];
  for (const [way, expected] of given) {
    test(`give-up and forget, ${policy}, ${way}: cancelled, and nothing is left or dropped twice`, () => {
      conduct = way;
      const host = new FuturesHost(guest, policy, outside);
      for (let i = 0; i < 5; i++) {
        assert.deepEqual(host.guest.call(`${MADE}#give-up`, [7]), expected);
        assert.deepEqual(host.held(), []);
        host.guest.call(`${MADE}#forget`, [7]);
        assert.deepEqual(host.held(), []);
      }
    });
  }
}

test("a call while another of that function goes on: the guest's own trap", () => {
  conduct = "never answer";
  const host = new FuturesHost(guest, "ready", outside);
  assert.throws(() => host.guest.call(`${MADE}#twice-at-once`, []), Trap);
});

test("the component is one to wasm-tools", async () => {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const { code, output } = await run(tool.path, [
    "validate",
    "--features",
    "all",
    guest.built.componentPath!,
  ]);
  assert.equal(code, 0, output);
});

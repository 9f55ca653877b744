/**
 * Streams and futures inside of values and of each other: read, made, passed on;
 * what nobody took is dropped once.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type HostFunction, immediate } from "../../tools/host/calls/lower.js";
import { Trap } from "../../tools/host/values/trap.js";
import type { Value } from "../../tools/host/values/value.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import type { FunctionType, ValueType } from "../../tools/wit/model.js";
import { type BuiltGuest, FuturesHost, buildTestGuest } from "./futures-host.js";

const MADE = "test:nested/made";
const OUTSIDE = "test:nested/outside";
let folder: string;
let guest: BuiltGuest;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-nested-"));
  guest = await buildTestGuest("nested", folder);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const u8: ValueType = { kind: "u8" };
const u16: ValueType = { kind: "u16" };
const u32: ValueType = { kind: "u32" };
const text: ValueType = { kind: "string" };

function exported(name: string): FunctionType {
  return guest.built.world.exports.interfaces[0]!.functions.find((func) => func.name === name)!;
}

/** The element type of a parameter that is a stream or future. */
function element(name: string): ValueType {
  return (exported(name).params[0]!.type as ValueType & { kind: "future" }).element!;
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** What the host's functions were given. */
const taken: Value[] = [];

function outside(host: FuturesHost): ReadonlyMap<string, HostFunction> {
  return new Map<string, HostFunction>([
    [
      `${OUTSIDE}#give`,
      immediate((n) => {
        const given = parcel(host, Number(n), "given");
        taken.push(given);
        return given;
      }),
    ],
    [
      `${OUTSIDE}#take`,
      immediate((given, more) => {
        taken.push([given!, (more as Value[]).map((x) => host.collect(x).items)]);
        return 42;
      }),
    ],
    [`${OUTSIDE}#swap`, immediate((x) => x)],
    [`${OUTSIDE}#[method]token.value`, immediate(() => 1)],
  ]);
}

function parcel(host: FuturesHost, n: number, note: string): Value {
  return { id: 3, items: host.stream(u16, upTo(n)), note: host.future(text, note) };
}

for (const policy of ["ready", "blocking"] as const) {
  const make = (): FuturesHost => new FuturesHost(guest, policy, outside);

  test(`flatten, ${policy}: a stream of streams comes in, more than there are places`, () => {
    const host = make();
    const inner = upTo(20).map((n) => host.stream(u32, upTo(n)));
    const out = host.itemsOf(`${MADE}#flatten`, [host.stream(element("flatten"), inner)]);
    assert.deepEqual(
      out,
      upTo(20).flatMap((n) => upTo(n)),
    );
    assert.deepEqual(host.held(), []);
  });

  test(`split, ${policy}: a stream of streams goes out`, () => {
    const host = make();
    const found: Value[][] = [];
    host.finish(
      host.guest.start(`${MADE}#split`, [20, 3], (result) => {
        host.each(result, (inner) => found.push(host.collect(inner).items));
      }),
    );
    assert.deepEqual(found.flat(), upTo(21));
    assert.equal(found.length, 7);
    assert.deepEqual(host.held(), []);
  });

  test(`texts, ${policy}: a stream of futures of strings`, () => {
    const host = make();
    const words = upTo(200).map((n) => "é😀".repeat(n % 30));
    const futures = words.map((word) => host.future(text, word));
    assert.deepEqual(
      host.itemsOf(`${MADE}#texts`, [host.stream(element("texts"), futures)]),
      words.map((word) => `${word}.`),
    );
    assert.deepEqual(host.held(), []);
  });

  test(`pass, ${policy}: a stream that came in a future goes on in another, unread`, () => {
    const host = make();
    const stream = host.stream(u8, [1, 2, 3]);
    assert.equal(host.valueOf(`${MADE}#pass`, [host.future(element("pass"), stream)]), stream);
    assert.deepEqual(host.held(), []);
  });

  test(`sum and pack, ${policy}: both kinds in a record, in and out, call after call`, () => {
    const host = make();
    for (let i = 0; i < 30; i++) {
      const call = host.guest.start(`${MADE}#sum`, [parcel(host, 10, "ü")]);
      assert.deepEqual(host.finish(call), [3, 45, "ü"]);
      let items: Value[] = [];
      let note: ReturnType<FuturesHost["read"]> | null = null;
      const packed = host.guest.start(`${MADE}#pack`, [5, "note"], (result) => {
        const fields = result as Record<string, Value>;
        ({ items } = host.collect(fields.items!));
        note = host.read(fields.note!);
      });
      assert.equal((host.finish(packed) as Record<string, Value>).id, 7);
      assert.deepEqual(items, upTo(5));
      assert.deepEqual(note!.received, { value: "note" });
      assert.deepEqual(host.held(), []);
    }
  });

  test(`lists, ${policy}: a list of streams`, () => {
    const host = make();
    const streams = [4, 0, 7, 1, 2].map((n) => host.stream(u32, upTo(n)));
    assert.deepEqual(host.guest.call(`${MADE}#lists`, [streams]), [4, 0, 7, 1, 2]);
    assert.deepEqual(host.held(), []);
  });

  test(`choose, ${policy}: in variants, options and results`, () => {
    const host = make();
    const some = { some: host.stream(u32, [1]) };
    const ticks = { error: host.stream(null, [null, null]) };
    const numbers = { numbers: host.stream(u32, [1, 2, 3]) };
    const calls: readonly (readonly [readonly Value[], string])[] = [
      [[numbers, some, ticks], "six||"],
      [[{ text: host.future(text, "t") }, null, { ok: host.future(text, "o") }], "to"],
    ];
    for (const [args, expected] of calls) assert.equal(host.guest.call(`${MADE}#choose`, args), expected);
    assert.deepEqual(host.held(), []);
  });

  test(`swap, ${policy}: two streams in a tuple, handed on`, () => {
    const host = make();
    const [a, b] = [host.stream(u8, [1]), host.stream(u8, [2])];
    assert.deepEqual(host.guest.call(`${MADE}#swap`, [[a, b]]), [b, a]);
    assert.deepEqual(host.held(), []);
  });

  test(`crowd, ${policy}: more open ends than there are places is the guest's own trap`, () => {
    const host = make();
    const streams = (n: number): Value => upTo(n).map(() => host.stream(u32, []));
    host.guest.call(`${MADE}#crowd`, [streams(4)]);
    assert.throws(() => host.guest.call(`${MADE}#crowd`, [streams(1)]), Trap);
  });

  test(`functions that do not wait, ${policy}: ends go through, are dropped, are kept for a later call`, () => {
    const host = make();
    const stream = host.stream(u8, [8, 9]);
    assert.equal(host.guest.call(`${MADE}#hand-back`, [stream]), stream);
    host.guest.call(`${MADE}#throw-away`, [parcel(host, 1, "x")]);
    assert.deepEqual(host.held(), []);
    host.guest.call(`${MADE}#keep`, [stream]);
    const next = (): Value => host.guest.call(`${MADE}#next-kept`, []);
    assert.deepEqual([next(), next(), next()], [{ some: 8 }, { some: 9 }, null]);
    assert.deepEqual(host.held(), []);
  });

  test(`leave and offer, ${policy}: an item that came and was not taken, and one that was offered, are dropped once`, () => {
    const host = make();
    const leave = host.stream(element("leave"), [parcel(host, 1, "a"), parcel(host, 2, "b")]);
    host.guest.call(`${MADE}#leave`, [leave]);
    assert.deepEqual(host.held(), []);
    const tokens = [
      [{ t: 1 }, { some: { t: 2 } }],
      [{ t: 3 }, null],
    ] as unknown as Value[];
    host.guest.call(`${MADE}#leave-tokens`, [host.stream(element("leave-tokens"), tokens)]);
    assert.deepEqual(host.held(), []);
    const token = (t: number): Value => ({ t }) as unknown as Value;
    const lists = [[{ some: token(1) }, null, { some: token(2) }], []] as Value[];
    host.guest.call(`${MADE}#leave-lists`, [host.stream(element("leave-lists"), lists)]);
    const pairs = [
      [
        [1, token(1)],
        [2, token(2)],
      ],
    ] as Value[];
    host.guest.call(`${MADE}#leave-pairs`, [host.stream(element("leave-pairs"), pairs)]);
    assert.deepEqual(host.held(), []);
    const deep: readonly Value[] = [
      { ok: { numbers: host.stream(u32, [1]) } },
      { ok: { nothing: null } },
      { error: [[host.stream(u8, []), host.stream(u8, [1])], [], [host.stream(u8, [2])]] },
    ];
    for (const value of deep) {
      host.guest.call(`${MADE}#leave-value`, [host.future(element("leave-value"), value)]);
      assert.deepEqual(host.held(), []);
    }
    host.itemsOf(`${MADE}#offer`, []);
    assert.deepEqual(host.held(), []);
  });

  test(`through, ${policy}: a record with ends from one imported function to another, a list of new ones`, () => {
    const host = make();
    assert.equal(host.guest.call(`${MADE}#through`, [4]), 42);
    const [given, [handedOn, more]] = taken.splice(0) as [Value, [Value, Value]];
    assert.deepEqual(handedOn, given);
    assert.deepEqual(more, [[5]]);
    const future = { some: host.future(text, "x") };
    assert.deepEqual(host.guest.call(`${MADE}#through-swap`, [future]), future);
    assert.equal(host.guest.call(`${MADE}#through-swap`, [null]), null);
    assert.deepEqual(host.held(), []);
  });
}

test("rill build --ends: more places", async () => {
  const larger = await buildTestGuest("nested", folder, 6);
  const host = new FuturesHost(larger, "ready", outside);
  const streams = (n: number): Value => upTo(n).map(() => host.stream(u32, []));
  host.guest.call(`${MADE}#crowd`, [streams(6)]);
  assert.throws(() => host.guest.call(`${MADE}#crowd`, [streams(1)]), Trap);
});

test("the component is one to wasm-tools", async () => {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const component = guest.built.componentPath!;
  const { code, output } = await run(tool.path, ["validate", "--features", "all", component]);
  assert.equal(code, 0, output);
});

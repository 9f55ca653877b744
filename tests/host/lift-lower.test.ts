import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { codecOf, loadElements, storeElements } from "../../tools/host/values/codec.js";
import { CoreValues, liftValues, lowerValues } from "../../tools/host/values/flat.js";
import { Items } from "../../tools/host/copies/items.js";
import type { StringEncoding } from "../../tools/wit/string-encoding.js";
import { isPlain, plainCopier } from "../../tools/host/values/plain-copy.js";
import { Trap } from "../../tools/host/values/trap.js";
import type { Value } from "../../tools/host/values/value.js";
import { elemSize, flatten } from "../../tools/wit/layout.js";
import type { ValueType } from "../../tools/wit/model.js";
import { typeWithValues } from "./arbitrary-values.js";
import { TestGuest } from "./test-guest.js";

const encodings: readonly StringEncoding[] = ["utf8", "utf16", "latin1+utf16"];

for (const encoding of encodings) {
  test(`what is stored in memory is loaded again, for every type (${encoding})`, () => {
    fc.assert(
      fc.property(typeWithValues, ({ type, values }) => {
        const { cx } = new TestGuest(encoding);
        const codec = codecOf(type);
        storeElements(cx, codec, 1024, values);
        assert.deepEqual(loadElements(cx, codec, 1024, values.length), values);
      }),
    );
  });

  test(`what is lowered to core values is lifted again, for every type (${encoding})`, () => {
    fc.assert(
      fc.property(typeWithValues, fc.constantFrom(0, 1, 4, 16), ({ type, values }, maxFlat) => {
        const { cx } = new TestGuest(encoding);
        const types = values.map(() => type);
        const flat = lowerValues(cx, maxFlat, values, types);
        const expected = types.flatMap(flatten);
        if (expected.length <= maxFlat)
          assert.deepEqual(
            flat.map((v) => typeof v === "bigint"),
            expected.map((t) => t === "i64"),
          );
        assert.deepEqual(liftValues(cx, maxFlat, new CoreValues(flat), types), values);
      }),
    );
  });
}

test("items keep their values on the way from memory to memory, for every type", () => {
  fc.assert(
    fc.property(typeWithValues, ({ type, values }) => {
      const from = new TestGuest();
      const to = new TestGuest("utf16");
      storeElements(from.cx, codecOf(type), 1024, values);
      const items = Items.lift(from.cx, type, 1024, values.length);
      assert.deepEqual(items.values(), values);
      items.lower(to.cx, 2048);
      assert.deepEqual(loadElements(to.cx, codecOf(type), 2048, values.length), values);
      assert.deepEqual(Items.fromValues(type, values).values(), values);
      assert.deepEqual(items.slice(1, values.length).values(), values.slice(1));
    }),
  );
});

test("a plain copy writes the bytes that lifting and lowering write, and leaves the padding", () => {
  const plain = typeWithValues.filter(({ type }) => isPlain(type));
  fc.assert(
    fc.property(plain, fc.uint8Array({ minLength: 64, maxLength: 64 }), ({ type, values }, noise) => {
      const [guest, other] = [new TestGuest(), new TestGuest()];
      for (let at = 1024; at < 32768; at += 64) {
        guest.bytes.set(noise, at);
        other.bytes.set(noise, at);
      }
      const source = Items.fromValues(type, values).canonicalBytes()!;
      plainCopier(type).copy(source, 0, guest.bytes, 1024, values.length);
      storeElements(other.cx, codecOf(type), 1024, values);
      assert.deepEqual(guest.bytes, other.bytes);
      assert.equal(source.length, values.length * elemSize(type));
    }),
  );
});

/** Lifts one element from bytes at 1024, by the codec and by a plain copy. */
function lift(type: ValueType, bytes: readonly number[], encoding: StringEncoding = "utf8"): Value {
  const guest = new TestGuest(encoding);
  guest.bytes.set(bytes, 1024);
  const byCodec = codecOf(type).load(guest.cx, 1024);
  assert.deepEqual(Items.lift(guest.cx, type, 1024, 1).values(), [byCodec]);
  return byCodec;
}

function lowered(type: ValueType, value: Value): number[] {
  return [...Items.fromValues(type, [value]).canonicalBytes()!];
}

test("a bool that is not 0 is true, and lowered as 1", () => {
  assert.equal(lift({ kind: "bool" }, [2]), true);
  const copied = Items.fromBytes({ kind: "bool" }, Uint8Array.from([0, 1, 0x80]));
  assert.deepEqual([...copied.canonicalBytes()!], [0, 1, 1]);
});

test("every NaN becomes the canonical one", () => {
  const f32: ValueType = { kind: "f32" };
  const f64: ValueType = { kind: "f64" };
  assert.deepEqual(
    [...Items.fromBytes(f32, Uint8Array.from([1, 0, 0xa0, 0xff])).canonicalBytes()!],
    [0, 0, 0xc0, 0x7f],
  );
  assert.deepEqual(
    [...Items.fromBytes(f64, Uint8Array.from([1, 0, 0, 0, 0, 0, 0xf0, 0xff])).canonicalBytes()!],
    [0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
  );
  assert.deepEqual(lowered(f32, NaN), [0, 0, 0xc0, 0x7f]);
  assert.deepEqual(
    [...Items.fromBytes(f32, Uint8Array.from([0, 0, 0x80, 0x7f])).canonicalBytes()!],
    [0, 0, 0x80, 0x7f],
  );
});

test("bits of flags without a label are not passed on", () => {
  const flags: ValueType = { kind: "flags", labels: ["a", "b"] };
  assert.deepEqual(lift(flags, [0xfe]), { a: false, b: true });
  assert.deepEqual([...Items.fromBytes(flags, Uint8Array.from([0xfe])).canonicalBytes()!], [2]);
});

for (const [what, type, bytes] of [
  ["a surrogate as char", { kind: "char" }, [0x00, 0xd8, 0, 0]],
  ["a char above U+10FFFF", { kind: "char" }, [0, 0, 0x11, 0]],
  ["an enum's case that is not there", { kind: "enum", labels: ["a", "b"] }, [2]],
  ["an option's discriminant of 2", { kind: "option", type: { kind: "u8" } }, [2, 0]],
] as const satisfies readonly (readonly [string, ValueType, readonly number[]])[]) {
  test(`${what} traps when lifted`, () => {
    assert.throws(() => lift(type, bytes), Trap);
    assert.throws(() => Items.fromBytes(type, Uint8Array.from(bytes)), Trap);
  });
}

/** The bytes of a string or list whose pointer and length are these. */
function pair(ptr: number, length: number): number[] {
  return [...new Uint8Array(new Uint32Array([ptr, length]).buffer)];
}

for (const [what, encoding, range, content] of [
  ["UTF-8 that is cut short", "utf8", [2048, 1], [0xe2]],
  ["UTF-8 of a surrogate", "utf8", [2048, 3], [0xed, 0xa0, 0x80]],
  ["UTF-16 with a lone surrogate", "utf16", [2048, 1], [0x00, 0xd8]],
  ["UTF-16 at an odd address", "utf16", [2049, 1], []],
  ["a string beyond the memory", "utf8", [65535, 2], []],
  ["a string longer than the ABI allows", "utf8", [0, 2 ** 28], []],
] as const) {
  test(`${what} traps when lifted`, () => {
    const guest = new TestGuest(encoding);
    guest.bytes.set(content, range[0]);
    guest.bytes.set(pair(range[0], range[1]), 1024);
    assert.throws(() => codecOf({ kind: "string" }).load(guest.cx, 1024), Trap);
  });
}

test("latin1+utf16: the tag in the length tells which it is", () => {
  const guest = new TestGuest("latin1+utf16");
  const text = codecOf({ kind: "string" });
  for (const [value, tag] of [
    ["caf\u00e9", 0],
    ["\u20ac", 1],
    ["", 0],
  ] as const) {
    text.store(guest.cx, 1024, value);
    assert.equal(guest.bytes[1031]! >> 7, tag);
    assert.equal(text.load(guest.cx, 1024), value);
  }
});

test("a host's lone surrogate is lowered as U+FFFD", () => {
  for (const encoding of encodings) {
    const guest = new TestGuest(encoding);
    codecOf({ kind: "string" }).store(guest.cx, 1024, "a\ud800b");
    assert.equal(codecOf({ kind: "string" }).load(guest.cx, 1024), "a\ufffdb");
  }
});

test("what a type does not hold is refused, not cut off", () => {
  const refused: [ValueType, Value][] = [
    [{ kind: "u8" }, 256],
    [{ kind: "s16" }, -32769],
    [{ kind: "u32" }, 1.5],
    [{ kind: "u64" }, -1n],
    [{ kind: "char" }, "ab"],
    [{ kind: "enum", labels: ["a"] }, "b"],
    [{ kind: "list", element: { kind: "u8" }, length: 2 }, [1]],
  ];
  for (const [type, value] of refused) assert.throws(() => lowered(type, value), /RangeError|TypeError/);
});

test("a guest without an allocator cannot be given a string", () => {
  const guest = new TestGuest();
  const cx = { ...guest.options, realloc: null };
  guest.run(() => {
    assert.throws(
      () => lowerValues(Object.assign(guest.cx, { options: cx }), 16, ["x"], [{ kind: "string" }]),
      /no cabi_realloc/,
    );
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alignment,
  discriminantByteLength,
  elemSize,
  flagsByteLength,
  flatten,
  flattenFunction,
  holdsHandle,
  isPointerFree,
  recordLayout,
  typesEqual,
  variantLayout,
} from "../../tools/wit/layout.js";
import type { Field, PrimitiveKind, ValueType } from "../../tools/wit/model.js";

const p = (kind: PrimitiveKind): ValueType => ({ kind });
const record = (...kinds: PrimitiveKind[]): ValueType & { kind: "record" } => ({
  kind: "record",
  fields: kinds.map((kind, i) => ({ name: `f${i}`, type: p(kind) })),
});
const params = (count: number): Field[] =>
  Array.from({ length: count }, (_, i) => ({ name: `p${i}`, type: p("u32") }));

test("element size and alignment of primitives", () => {
  const sizes: [PrimitiveKind, number, number][] = [
    ["bool", 1, 1],
    ["u8", 1, 1],
    ["s16", 2, 2],
    ["f32", 4, 4],
    ["char", 4, 4],
    ["u64", 8, 8],
    ["f64", 8, 8],
    ["string", 8, 4],
  ];
  for (const [kind, size, align] of sizes) {
    assert.equal(elemSize(p(kind)), size, kind);
    assert.equal(alignment(p(kind)), align, kind);
  }
});

test("a record's fields stand at aligned offsets, its size is a multiple of its alignment", () => {
  assert.deepEqual(recordLayout(record("u32", "u16", "s16").fields), {
    offsets: [0, 4, 6],
    elemSize: 8,
    alignment: 4,
  });
  assert.deepEqual(recordLayout(record("u8", "u64", "u8").fields), {
    offsets: [0, 8, 16],
    elemSize: 24,
    alignment: 8,
  });
});

test("imu: one u64 and six f32 take 32 bytes", () => {
  const imu = record("u64", "f32", "f32", "f32", "f32", "f32", "f32");
  assert.deepEqual([elemSize(imu), alignment(imu)], [32, 8]);
});

test("a variant's payload stands behind its discriminant, aligned for its largest case", () => {
  assert.deepEqual(
    variantLayout([
      { name: "a", type: null },
      { name: "b", type: p("u64") },
    ]),
    { discriminantByteLength: 1, payloadOffset: 8, elemSize: 16, alignment: 8 },
  );
  assert.equal(elemSize({ kind: "option", type: p("u8") }), 2);
  assert.equal(elemSize({ kind: "result", ok: null, error: null }), 1);
  assert.equal(elemSize({ kind: "enum", labels: ["a", "b"] }), 1);
});

test("discriminants and flags widen at their limits", () => {
  assert.deepEqual([1, 256, 257, 65536, 65537].map(discriminantByteLength), [1, 1, 2, 2, 4]);
  assert.deepEqual([1, 8, 9, 16, 17, 32].map(flagsByteLength), [1, 1, 2, 2, 4, 4]);
  assert.throws(() => flagsByteLength(33), RangeError);
});

test("a fixed-length list lies inline, any other is pointer and length", () => {
  assert.deepEqual(
    [
      elemSize({ kind: "list", element: p("u16"), length: 3 }),
      alignment({ kind: "list", element: p("u16"), length: 3 }),
    ],
    [6, 2],
  );
  assert.deepEqual(
    [elemSize({ kind: "list", element: p("u16") }), alignment({ kind: "list", element: p("u16") })],
    [8, 4],
  );
});

test("a variant's flat slots fit every case", () => {
  const flat = (types: (PrimitiveKind | null)[]): string[] =>
    flatten({
      kind: "variant",
      cases: types.map((t, i) => ({ name: `c${i}`, type: t === null ? null : p(t) })),
    });
  assert.deepEqual(flat(["f32", "u32"]), ["i32", "i32"]);
  assert.deepEqual(flat(["f32", "f32", null]), ["i32", "f32"]);
  assert.deepEqual(flat(["f32", "f64"]), ["i32", "i64"]);
  assert.deepEqual(flat(["string", "u64"]), ["i32", "i64", "i32"]);
});

test("many parameters go through memory, fewer when the call is async", () => {
  const result = p("u32");
  const sync = flattenFunction({ params: params(16), result }, { context: "lower", async: false });
  assert.deepEqual([sync.params.length, sync.results, sync.paramsInMemory], [16, ["i32"], false]);
  assert.deepEqual(
    flattenFunction({ params: params(17), result: null }, { context: "lift", async: false }).params,
    ["i32"],
  );
  const async4 = flattenFunction({ params: params(4), result }, { context: "lower", async: true });
  assert.deepEqual([async4.params.length, async4.results, async4.resultInMemory], [5, ["i32"], true]);
  const async5 = flattenFunction({ params: params(5), result: null }, { context: "lower", async: true });
  assert.deepEqual([async5.params, async5.results], [["i32"], ["i32"]]);
});

test("results beyond one core value go through memory", () => {
  const two = { params: [], result: record("u32", "u32") };
  assert.deepEqual(flattenFunction(two, { context: "lift", async: false }).results, ["i32"]);
  const lowered = flattenFunction(two, { context: "lower", async: false });
  assert.deepEqual([lowered.params, lowered.results], [["i32"], []]);
  const lifted = flattenFunction(two, { context: "lift", async: true, callback: true });
  assert.deepEqual([lifted.params, lifted.results], [[], ["i32"]]);
  assert.deepEqual(flattenFunction(two, { context: "lift", async: true }).results, []);
});

test("pointer-free: handles are, strings and lists are not, at any depth", () => {
  const stream: ValueType = { kind: "stream", element: p("string") };
  assert.ok(isPointerFree(record("u32", "f64")));
  assert.ok(isPointerFree(stream));
  assert.ok(isPointerFree({ kind: "list", element: p("u8"), length: 4 }));
  assert.ok(!isPointerFree({ kind: "option", type: record("u8", "string") }));
  assert.ok(!isPointerFree({ kind: "list", element: p("u8") }));
  assert.ok(holdsHandle({ kind: "tuple", types: [p("u8"), stream] }));
  assert.ok(!holdsHandle(record("string")));
});

test("types are equal by structure and labels, not by name", () => {
  const named: ValueType = { ...record("u32"), name: { owner: "a:b/c", name: "r" } };
  assert.ok(typesEqual(named, record("u32")));
  assert.ok(!typesEqual({ kind: "record", fields: [{ name: "x", type: p("u32") }] }, record("u32")));
  assert.ok(!typesEqual({ kind: "tuple", types: [p("u32")] }, record("u32")));
  assert.ok(typesEqual(null, null));
  assert.ok(!typesEqual(null, p("u8")));
  const own = (name: string): ValueType => ({ kind: "own", resource: { owner: "a:b/c", name } });
  assert.ok(typesEqual(own("r"), own("r")));
  assert.ok(!typesEqual(own("r"), own("s")));
  assert.ok(!typesEqual({ kind: "list", element: p("u8") }, { kind: "list", element: p("u8"), length: 1 }));
});

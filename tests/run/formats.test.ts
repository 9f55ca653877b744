import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { Items } from "../../tools/host/copies/items.js";
import { isPlain } from "../../tools/host/values/plain-copy.js";
import type { Value } from "../../tools/host/values/value.js";
import { columnsOf } from "../../tools/run/formats/csv-columns.js";
import { formatOf, type ItemFormat } from "../../tools/run/formats/item-format.js";
import { openItems } from "../../tools/run/formats/item-reader.js";
import { ItemWriter } from "../../tools/run/formats/item-writer.js";
import { fromJson, jsonText, toJson, type Json } from "../../tools/run/formats/json-value.js";
import type { ValueType } from "../../tools/wit/model.js";
import { typeWithValues } from "../host/arbitrary-values.js";

const folder = mkdtempSync(join(tmpdir(), "rill-formats-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const beat: ValueType = {
  kind: "record",
  fields: [
    { name: "at", type: { kind: "u32" } },
    { name: "interval", type: { kind: "u16" } },
    { name: "height", type: { kind: "s16" } },
  ],
};
const u16: ValueType = { kind: "u16" };

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** All values of a file, `most` at a time. */
function readAll(path: string, type: ValueType | null, format: ItemFormat, most = 1000): Value[] {
  const reader = openItems(path, type, format);
  const values: Value[] = [];
  for (let items = reader.read(most); items !== null; items = reader.read(most)) {
    assert.ok(items.length > 0 && items.length <= most);
    values.push(...items.values());
  }
  reader.close();
  return values;
}

function writeAll(path: string, type: ValueType | null, format: ItemFormat, values: readonly Value[]): void {
  const writer = new ItemWriter(path, type, format);
  for (const value of values) writer.write(Items.fromValues(type, [value]));
  writer.close();
}

test("JSON: what is written is read again, for every type", () => {
  fc.assert(
    fc.property(typeWithValues, ({ type, values }) => {
      for (const value of values) {
        fc.pre(!hasLoneSurrogate(value));
        const text = jsonText(toJson(type, value));
        assert.deepEqual(fromJson(type, JSON.parse(text) as Json), value);
      }
    }),
  );
});

for (const format of ["raw", "csv", "jsonl"] as const) {
  test(`${format}: what is written is read again, for every type`, () => {
    const path = join(folder, `all.${format}`);
    fc.assert(
      fc.property(typeWithValues, fc.integer({ min: 1, max: 4 }), ({ type, values }, most) => {
        fc.pre(format !== "raw" || isPlain(type));
        fc.pre(!hasLoneSurrogate(values) && (format !== "csv" || !isAmbiguousInCsv(type)));
        writeAll(path, type, format, values);
        assert.deepEqual(readAll(path, type, format, most), values);
      }),
      { numRuns: 200 },
    );
  });
}

function hasLoneSurrogate(value: unknown): boolean {
  return /\\ud[89a-f]/i.test(
    JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v)),
  );
}

/** An empty cell is `none`, so an option of text cannot tell "" from it. */
function isAmbiguousInCsv(type: ValueType): boolean {
  if (type.kind === "record") return type.fields.some((field) => isAmbiguousInCsv(field.type));
  return type.kind === "option" && ["string", "char", "option"].includes(type.type.kind);
}

test("csv: a record's fields are the columns, in any order, with records inside by their path", () => {
  const nested: ValueType = {
    kind: "record",
    fields: [
      { name: "b", type: beat },
      { name: "ok", type: { kind: "bool" } },
    ],
  };
  assert.deepEqual(columnsOf(nested), ["b.at", "b.interval", "b.height", "ok"]);
  const path = file("beats.csv", "height,at,interval\r\n-5,1,2\r\n6,3,4\r\n");
  assert.deepEqual(readAll(path, beat, "csv"), [
    { at: 1, interval: 2, height: -5 },
    { at: 3, interval: 4, height: 6 },
  ]);
});

test("csv: quotes, commas and line breaks inside a cell", () => {
  const path = file("text.csv", 'label\n"a,""b""\nc"\nplain\n');
  assert.deepEqual(readAll(path, { kind: "string" }, "csv"), ['a,"b"\nc', "plain"]);
});

test("csv: a file larger than a chunk comes whole, cells are not cut", () => {
  const path = file("long.csv", `value\n${Array.from({ length: 50_000 }, (_, i) => String(i)).join("\n")}`);
  assert.deepEqual(
    readAll(path, { kind: "u32" }, "csv", 777),
    Array.from({ length: 50_000 }, (_, i) => i),
  );
});

test("jsonl: a file larger than a chunk comes whole, empty lines are none", () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => JSON.stringify("\u20ac".repeat(i % 9)));
  const path = file("long.jsonl", `${lines.join("\n\n")}\n`);
  assert.deepEqual(
    readAll(path, { kind: "string" }, "jsonl", 999),
    lines.map((line) => JSON.parse(line) as string),
  );
});

test("a stream without element type: a line or row for each item", () => {
  const path = join(folder, "units.jsonl");
  writeAll(path, null, "jsonl", [null, null]);
  assert.equal(readFileSync(path, "utf8"), "null\nnull\n");
  assert.equal(readAll(path, null, "jsonl").length, 2);
});

test("numbers are written short and exact", () => {
  const text = (kind: "f32" | "f64" | "u64", value: Value): string => jsonText(toJson({ kind }, value));
  assert.equal(text("f32", Math.fround(0.1)), "0.1");
  assert.equal(text("f32", -0), "-0");
  assert.equal(text("f64", NaN), '"NaN"');
  assert.equal(text("f64", -Infinity), '"-Infinity"');
  assert.equal(text("u64", 5n), "5");
  assert.equal(text("u64", 2n ** 64n - 1n), '"18446744073709551615"');
});

test("floats: the largest stay, and infinity is written in words, in every form", () => {
  const f32: ValueType = { kind: "f32" };
  const largest = 3.4028234663852886e38;
  const cells = file("edge.csv", "value\n3.4028235e38\nInfinity\n-Infinity\nNaN\n");
  assert.deepEqual(readAll(cells, f32, "csv"), [largest, Infinity, -Infinity, NaN]);
  const lines = file("edge.jsonl", '3.4028235e38\n"Infinity"\n"-Infinity"\n"NaN"\n');
  assert.deepEqual(readAll(lines, f32, "jsonl"), [largest, Infinity, -Infinity, NaN]);
});

/** [what, type, file name, content, message] */
const badFiles: readonly (readonly [string, ValueType, string, string, RegExp])[] = [
  ["a number that is too large", u16, "a.csv", "value\n1\n65536\n", /a\.csv:3: 65536 is not a valid u16/],
  ["a cell that is no number", u16, "b.csv", "value\nx\n", /b\.csv:2: "x" is not a valid u16/],
  ["an empty cell", beat, "c.csv", "at,interval,height\n1,,3\n", /c\.csv:2: interval: the cell is empty/],
  ["a cell too few", beat, "d.csv", "at,interval,height\n1,2\n", /d\.csv:2: 2 cells instead of 3/],
  [
    "a header with another name",
    beat,
    "e.csv",
    "at,gap,height\n",
    /e\.csv:1: the header is "at,gap,height"; expected the columns at,interval,height/,
  ],
  ["a quote that does not end", u16, "f.csv", 'value\n"1\n', /f\.csv:\d+: .*[Qq]uot/],
  ["a line that is no JSON", u16, "g.jsonl", "1\nnope\n", /g\.jsonl:2: not JSON/],
  [
    "a record without a field",
    beat,
    "h.jsonl",
    '{"at":1,"height":2}\n',
    /h\.jsonl:1: the field "interval" is missing/,
  ],
  [
    "a record with a field too many",
    beat,
    "i.jsonl",
    '{"at":1,"interval":1,"height":2,"x":0}',
    /i\.jsonl:1: the record has no field "x"/,
  ],
  [
    "a field that does not fit",
    beat,
    "j.jsonl",
    '{"at":1,"interval":-1,"height":2}',
    /j\.jsonl:1: interval: -1 is not a valid u16/,
  ],
  ["a fraction", u16, "k.jsonl", "1.5\n", /k\.jsonl:1: 1\.5 is not a valid u16/],
  [
    "a number that JSON cannot hold exactly",
    { kind: "u64" },
    "l.jsonl",
    "9007199254740993\n",
    /write integers beyond 2\^53 as strings/,
  ],
  [
    "a label that is none",
    { kind: "enum", labels: ["on", "off"] },
    "m.jsonl",
    '"of"\n',
    /m\.jsonl:1: "of" is not a valid case of the enum \(on, off\)/,
  ],
  [
    "a number beyond f32",
    { kind: "record", fields: [{ name: "x", type: { kind: "f32" } }] },
    "o.csv",
    "x\n1\n1e40\n",
    /o\.csv:3: x: 1e\+40 is not a valid f32; infinity is written as the string Infinity/,
  ],
  [
    "a number beyond f32 in JSON",
    { kind: "f32" },
    "p.jsonl",
    "1\n-3.5e38\n",
    /p\.jsonl:2: -3\.5e\+38 is not a valid f32/,
  ],
  [
    "a number beyond f32 in a list",
    { kind: "list", element: { kind: "f32" } },
    "q.jsonl",
    "[1,1e39]\n",
    /q\.jsonl:1: \[1\]: 1e\+39 is not a valid f32/,
  ],
  [
    "a number beyond f64",
    { kind: "f64" },
    "r.jsonl",
    "1e400\n",
    /r\.jsonl:1: a number beyond f64 is not a valid f64/,
  ],
  [
    "a number beyond f64 in a cell",
    { kind: "f64" },
    "s.csv",
    "value\n-1e309\n",
    /s\.csv:2: a number beyond f64/,
  ],
  [
    "a number beyond f64 for an integer",
    u16,
    "t.jsonl",
    "1e400\n",
    /t\.jsonl:1: a number beyond f64 is not a valid u16/,
  ],
  ["a fraction of a u64", { kind: "u64" }, "u.csv", "value\n1.5\n", /u\.csv:2: "1\.5" is not a valid u64/],
  [
    "a u64 that is too large",
    { kind: "u64" },
    "v.csv",
    "value\n18446744073709551616\n",
    /v\.csv:2: .* is not a valid u64/,
  ],
  ["an s8 that is too small", { kind: "s8" }, "w.csv", "value\n-129\n", /w\.csv:2: -129 is not a valid s8/],
  ["another spelling of NaN", { kind: "f32" }, "x.jsonl", '"nan"\n', /x\.jsonl:1: "nan" is not a valid f32/],
  ["two characters", { kind: "char" }, "y.jsonl", '"ab"\n', /y\.jsonl:1: "ab" is not a valid char/],
  [
    "a surrogate as a character",
    { kind: "char" },
    "z.jsonl",
    '"\\udc00"\n',
    /z\.jsonl:1: .* is not a valid char/,
  ],
  ["a number for a bool", { kind: "bool" }, "aa.csv", "value\n1\n", /aa\.csv:2: 1 is not a valid bool/],
  [
    "a field whose name every object has",
    { kind: "record", fields: [{ name: "constructor", type: u16 }] },
    "ab.jsonl",
    "{}\n",
    /ab\.jsonl:1: the field "constructor" is missing/,
  ],
  ["a lone surrogate", { kind: "string" }, "n.jsonl", '"\\ud800"\n', /n\.jsonl:1: .* is not a valid string/],
];

for (const [what, type, name, content, message] of badFiles) {
  test(`${what} is a message with file and line`, () => {
    const path = file(name, content);
    assert.throws(() => readAll(path, type, name.endsWith("csv") ? "csv" : "jsonl"), {
      name: "UserError",
      message,
    });
  });
}

test("bytes that are no UTF-8 are a message", () => {
  const path = file("latin1.jsonl", Uint8Array.from([0x22, 0xe9, 0x22, 0x0a]));
  assert.throws(() => readAll(path, { kind: "string" }, "jsonl"), {
    name: "UserError",
    message: /latin1\.jsonl: not UTF-8/,
  });
});

test("a raw file that is no whole number of items is refused when it is opened", () => {
  const path = file("odd.bin", Uint8Array.of(1, 2, 3));
  assert.throws(() => openItems(path, u16, "raw"), {
    name: "UserError",
    message: /3 bytes are not a whole number of items of 2 bytes/,
  });
});

test("raw bytes that are no value of the type are a message with the item", () => {
  const path = file("case.bin", Uint8Array.of(0, 1, 2));
  const type: ValueType = { kind: "enum", labels: ["a", "b"] };
  assert.throws(() => readAll(path, type, "raw", 1), {
    name: "UserError",
    message: /among items 3 to 3: discriminant 2/,
  });
});

test("the form goes by the extension, and raw numbers by their type", () => {
  assert.equal(formatOf("x.bin", u16, undefined), "raw");
  assert.equal(formatOf("x.u16le", u16, undefined), "raw");
  assert.equal(formatOf("x.U8", { kind: "u8" }, undefined), "raw");
  assert.equal(formatOf("x.csv", u16, "jsonl"), "csv");
  assert.equal(formatOf("-", u16, undefined), "raw");
  assert.equal(formatOf("-", { kind: "string" }, "jsonl"), "jsonl");
  assert.throws(
    () => formatOf("x.s16le", u16, undefined),
    /the extension says items of type s16, but the stream's are u16/,
  );
  assert.throws(() => formatOf("x.u16le", beat, undefined), /but the stream's are record/);
  assert.throws(() => formatOf("x.wav", u16, undefined), /"\.wav" is not an item format/);
  assert.throws(
    () => formatOf("x.bin", { kind: "string" }, undefined),
    /raw bytes cannot hold items of type string/,
  );
});

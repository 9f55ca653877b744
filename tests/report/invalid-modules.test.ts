/** Modules that are no modules, names that repaint a terminal, source maps that tell lies. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import type { Analysis } from "../../tools/report/analysis.js";
import { analyse } from "../../tools/report/build-report.js";
import { loadInput } from "../../tools/report/load-input.js";
import { analysed, file, folder, reportOf, rill, wat } from "./rill.js";

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const TYPE = [1, 4, 1, 0x60, 0, 0];
const FUNC = [3, 2, 1, 0];
const CODE = [10, 4, 1, 2, 0, 0x0b];
const MEMORY = [5, 3, 1, 0, 1];
const binary = (...sections: number[][]): Uint8Array => Uint8Array.from([...HEADER, ...sections.flat()]);

const invalid: Readonly<Record<string, Uint8Array>> = {
  "a doubled section": binary(TYPE, FUNC, MEMORY, MEMORY, CODE),
  "sections out of order": binary(FUNC, TYPE, CODE),
  "a data count without data": binary(TYPE, FUNC, [12, 1, 3], CODE),
  "a type that there is not": binary(TYPE, [3, 2, 1, 9], CODE),
  "a stack that underflows": binary(TYPE, FUNC, [10, 5, 1, 3, 0, 0x1a, 0x0b]),
  "a result of another type": wat('(module (func (export "f") (result i32) (i64.const 1)))'),
  "a doubled export": binary(TYPE, FUNC, [7, 9, 2, 1, 0x61, 0, 0, 1, 0x61, 0, 0], CODE),
  "a start function that there is not": binary(TYPE, FUNC, [8, 1, 7], CODE),
};

for (const [what, bytes] of Object.entries(invalid)) {
  test(`${what}: refused with the validator's words and the byte`, async () => {
    const path = file("invalid.wasm", bytes);
    await assert.rejects(
      () => loadInput(path, null),
      (error: Error) => error instanceof UserError && /(invalid|damaged) .*at byte \d+/.test(error.message),
    );
  });
}

test("report, its --diff and budget refuse an invalid module, and write nothing", () => {
  const path = file("invalid.wasm", invalid["a result of another type"]!);
  const good = file("good.wasm", wat("(module)"));
  const budget = join(folder, "invalid-budget.json");
  for (const args of [
    ["report", path],
    ["budget", path, "--update", "--file", budget],
    ["report", "--diff", path, good],
  ]) {
    const { code, stdout, stderr } = rill(...args);
    assert.equal(code, 2, `${stdout}${stderr}`);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^rill: .* is an invalid WebAssembly module: .*expected i32, got i64.* at byte \d+;.*\n$/,
    );
  }
  assert.ok(!existsSync(budget));
});

test("--no-validate prints figures of an invalid module all the same", () => {
  const path = file("forced.wasm", invalid["a result of another type"]!);
  assert.equal(reportOf(path, "--no-validate").functions.length, 1);
});

test("what this Node does not know and Binaryen does is valid", async () => {
  const several = wat(
    `(module (memory $a 1) (memory $b 1) (func (export "g") (result i32) (i32.load $b (i32.const 0))))`,
  );
  const gc = wat(`(module (type $p (struct (field i32)))
    (func (export "f") (result i32) (struct.get $p 0 (struct.new $p (i32.const 1)))))`);
  for (const bytes of [several, gc]) {
    const { functions } = await analysed(file("newer.wasm", bytes));
    assert.equal(functions.length, 1);
  }
});

test("what nobody knows is called a newer proposal, not damage", async () => {
  const unknown = [
    binary(TYPE, FUNC, [10, 5, 1, 3, 0, 0xe7, 0x0b]),
    binary([1, 5, 1, 0x60, 0, 1, 0x51], FUNC, CODE),
    binary(TYPE, FUNC, CODE, [77, 0]),
  ];
  for (const bytes of unknown) {
    await assert.rejects(
      () => analysed(file("proposal.wasm", bytes)),
      /uses a newer WebAssembly proposal than this report reads: unknown .* at byte \d+/,
    );
  }
});

const EVIL = "x\u001b[27A\u009b2K\u007f\r\n\u202e|`<img src=x>\u2066\u0007";
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** A module with `EVIL` as the name of a function, an import, an export, a section, and in its producers. */
function evilModule(): Uint8Array {
  const name = new TextEncoder().encode(EVIL);
  const text = [name.length, ...name];
  const sized = (id: number, content: number[]): number[] => [id, content.length, ...content];
  const ascii = (word: string): number[] => [word.length, ...Buffer.from(word)];
  return binary(
    TYPE,
    sized(2, [1, ...text, ...text, 0, 0]),
    FUNC,
    MEMORY,
    sized(7, [1, ...text, 0, 1]),
    [10, 8, 1, 6, 0, 0x10, 0, 0x0b, 0x0b, 0]
      .slice(0, 2)
      .concat([1, 4, 0, 0x10, 0, 0x0b])
      .map((byte, i) => (i === 1 ? 6 : byte)),
    sized(0, [...ascii("name"), ...sized(1, [2, 0, ...text, 1, ...text])]),
    sized(0, [...ascii("producers"), 1, ...ascii("language"), 1, ...text, ...text]),
    sized(0, [...text, 1, 2, 3]),
  );
}

test("control characters in names reach no form raw, nor stderr", () => {
  const path = join(folder, "a\u001b[2Kb\u202e\n.wasm");
  writeFileSync(path, evilModule());
  const page = join(folder, "evil.html");
  const header = join(folder, "evil.h");
  const forms = [
    [],
    ["--all"],
    ["--json"],
    ["--markdown"],
    ["--diff", path],
    ["--html", page, "--c-header", header],
    ["--call", EVIL, "--run"],
  ];
  for (const flags of forms) {
    const { code, stdout, stderr } = rill("report", path, ...flags);
    assert.equal(code, flags.includes("--run") ? 2 : 0, stderr);
    assert.doesNotMatch(stdout + stderr, UNSAFE, flags.join(" "));
  }
  for (const written of [page, header]) {
    const text = readFileSync(written, "utf8");
    assert.doesNotMatch(text, UNSAFE);
    assert.ok(!text.includes("<img src=x>"));
  }
  assert.ok(reportOf(path).functions[0]!.name.includes("\u001b[27A"), "JSON keeps the name itself");
  for (const command of ["run", "budget", "build"]) {
    const { stdout, stderr } = rill(
      command,
      `nothing\u001b[2J\u009b\u202e.${command === "bindgen" ? "wit" : "wasm"}`,
      "--nothing\u001b[2K",
    );
    assert.doesNotMatch(stdout + stderr, UNSAFE, command);
    const missing = rill(command, `nothing\u001b[2J\u009b\u202e`);
    assert.doesNotMatch(missing.stdout + missing.stderr, UNSAFE, command);
  }
});

test("Markdown's tables keep their columns, whatever names hold", () => {
  const { stdout } = rill("report", file("markdown.wasm", evilModule()), "--markdown");
  const table = stdout.split("\n").filter((line) => line.startsWith("|"));
  const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
  const start = table.findIndex((line) => line.startsWith("| function"));
  assert.ok(start >= 0);
  assert.equal(cells(table[start + 2]!), cells(table[start]!));
});

/** A module of 1 function with an instruction at byte `at`, to be mapped. */
const mapped = wat(`(module (func (export "f") (result i32) (i32.const 1)))`);
const { sections } = await analysed(file("mapped.wasm", mapped));
const at = sections.find(({ name }) => name === "code")!.offset + 5;

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
function vlq(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = "";
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += DIGITS[rest > 0 ? digit + 32 : digit]!;
  } while (rest > 0);
  return text;
}
const segment = (...fields: number[]): string => fields.map(vlq).join("");

const map = (changes: object): string =>
  JSON.stringify({ version: 3, sources: ["a.ts"], names: [], mappings: segment(at, 0, 6, 0), ...changes });

async function withMap(text: string): Promise<Analysis> {
  return analyse(await loadInput(file("m.wasm", mapped), null), { sourceMap: file("m.map", text) });
}

/** Maps by what is wrong with them; all leave the report without that place, with one warning. */
const damaged: Readonly<Record<string, string>> = {
  "a source outside its list": map({ mappings: segment(at, 1, 0, 0) }),
  "a source far outside": map({ mappings: segment(at, 1_000_000, 0, 0) }),
  "a negative source": map({ mappings: segment(at, -1, 0, 0) }),
  "a negative line": map({ mappings: segment(at, 0, -3, 0) }),
  "a negative column": map({ mappings: segment(-4, 0, 0, 0) }),
  "a huge number": map({ mappings: `${segment(at)}${"g".repeat(40)}BAA` }),
  "sources that are no strings": map({ sources: [7] }),
  "a source that is null": map({ sources: [null] }),
  "no sources": map({ sources: undefined }),
  "sources that are no list": map({ sources: { a: 1 } }),
};
for (const [what, text] of Object.entries(damaged)) {
  test(`a source map with ${what}: the report goes on, with one warning`, async () => {
    const { report, warnings } = await withMap(text);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /the source map .* is damaged: mappings that name no source of its list or no line: 1;/,
    );
    assert.ok(report.notes.includes(warnings[0]!));
    assert.deepEqual(report.sources, []);
  });
}

test("the warning comes once, on stderr, in every form", () => {
  const sourceMap = file("m.map", damaged["a source outside its list"]!);
  for (const form of [[], ["--json"]]) {
    const { code, stdout, stderr } = rill(
      "report",
      file("m.wasm", mapped),
      "--source-map",
      sourceMap,
      ...form,
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^rill: warning: the source map .*\n$/);
    assert.equal(stdout.includes("is damaged"), form.length > 0);
  }
});

/** Maps that are fine, in forms that not every tool reads. */
const fine: Readonly<Record<string, string>> = {
  plain: map({}),
  "the )]}' prefix": `)]}'\n${map({})}`,
  "a byte order mark": `\uFEFF${map({})}`,
  "no names": map({ names: undefined }),
  "contents that are no list": map({ sourcesContent: 7 }),
  "contents that are no strings": map({ sourcesContent: [7] }),
  "static memory that is none": map({ x_as_rill_static_memory: [null, 7] }),
  sections: JSON.stringify({
    version: 3,
    sections: [
      { offset: { line: 0, column: 0 }, map: { version: 3, sources: ["b.ts"], names: [], mappings: "" } },
      {
        offset: { line: 0, column: at },
        map: { version: 3, sources: ["a.ts"], mappings: segment(0, 0, 6, 0) },
      },
    ],
  }),
};
for (const [what, text] of Object.entries(fine)) {
  test(`a source map, ${what}: is read`, async () => {
    const { report, warnings } = await withMap(text);
    assert.deepEqual(warnings, []);
    const [source] = report.sources;
    assert.deepEqual([source!.file, source!.lines[0]!.line], ["a.ts", 7]);
  });
}

/** What is no map: passed over when it lies beside the module, refused when it was named. */
const none: readonly string[] = [
  "{",
  "[]",
  "null",
  "7",
  "{}",
  map({ mappings: 7 }),
  map({ mappings: "!" }),
  '{"sections":[null]}',
  '{"sections":[{"offset":{"line":0,"column":-1},"map":{}}]}',
];
for (const text of none) {
  test(`${text}: no source map`, async () => {
    await assert.rejects(() => withMap(text), /is not a source map/);
    const input = await loadInput(file("beside.wasm", mapped), null);
    const beside = file("beside.wasm.map", text);
    const { warnings, map: found } = analyse(input, { sourceMap: null });
    rmSync(beside);
    assert.equal(found, null);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /is not a source map/);
  });
}

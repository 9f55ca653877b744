import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Report } from "../../tools/report/model.js";
import { ByteWriter } from "../../tools/wasm/byte-writer.js";
import { compile, file, folder, guest, reportOf, rill } from "./rill.js";

const before = await compile(
  "before",
  "export function keep(a: i32): i32 { return a * 3; }\nexport function grow(a: i32): i32 { return a + 1; }\n",
  "--debug",
);
const after = await compile(
  "after",
  "export function added(a: i32): i32 { return a ^ 5; }\nexport function keep(a: i32): i32 { return a * 3; }\nexport function grow(a: i32): i32 { let s = 0; for (let i = 0; i < a; i++) s += i * a; return s; }\n",
  "--debug",
);

test("budget: written, kept, exceeded by how much and by which function, accepted", () => {
  const budget = join(folder, "budget.json");
  assert.equal(rill("budget", before, "--update", "--file", budget).code, 0);
  assert.equal(rill("report", before, "--budget", budget).code, 0);
  const over = rill("report", after, "--budget", budget, "--json");
  assert.equal(over.code, 1);
  const [old, now] = [reportOf(before), reportOf(after)];
  const bytesOf = (report: Report, name: string): number =>
    report.functions.find((entry) => entry.name === name)?.bytes ?? 0;
  const by = (name: string): string => `${name} +${bytesOf(now, name) - bytesOf(old, name)} B`;
  const line = `code_bytes: ${now.code_bytes}, budget ${old.code_bytes}: ${now.code_bytes - old.code_bytes} over`;
  assert.ok(over.stderr.includes(`${line}; grown: ${by("main/grow")}, ${by("main/added")}`), over.stderr);
  const outcome = (
    JSON.parse(over.stdout) as { budget: { passed: boolean; checks: { name: string; passed: boolean }[] } }
  ).budget;
  assert.equal(outcome.passed, false);
  assert.ok(outcome.checks.some(({ name, passed }) => name === "imports" && passed));
  assert.equal(rill("budget", after, "--file", budget).code, 1);
  assert.equal(rill("budget", after, "--update", "--file", budget).code, 0);
  assert.equal(rill("budget", after, "--file", budget).code, 0);
});

test("a limit of exactly today's figure is kept, one byte less is not", () => {
  const { stripped_bytes: bytes } = reportOf(before);
  const budget = (limit: number): string =>
    file("exact.json", JSON.stringify({ version: 1, limits: { bytes: limit } }));
  assert.equal(rill("report", before, "--budget", budget(bytes)).code, 0);
  assert.equal(rill("report", before, "--budget", budget(bytes - 1)).code, 1);
});

test("a limit with an allowance: so many per cent more, and no byte beyond; an update keeps it", () => {
  const { stripped_bytes: bytes } = reportOf(before);
  const budget = (limit: string): string =>
    file("percent.json", JSON.stringify({ version: 1, limits: { bytes: limit } }));
  const least = Math.ceil((bytes / 1.1) * 100) / 100;
  assert.equal(rill("report", before, "--budget", budget(`${least} + 10 %`)).code, 0);
  const over = rill("report", before, "--budget", budget(`${least - 1}+10%`));
  assert.equal(over.code, 1);
  assert.match(over.stderr, new RegExp(`bytes: ${bytes}, budget [\\d.]+: [\\d.]+ over`));
  const path = budget("1 + 2.5 %");
  rill("budget", before, "--update", "--file", path);
  const { limits } = JSON.parse(readFileSync(path, "utf8")) as { limits: Record<string, string> };
  assert.equal(limits.bytes, `${bytes} + 2.5 %`);
});

test("a figure that was not measured has not passed", () => {
  const budget = file(
    "unmeasured.json",
    JSON.stringify({ version: 1, limits: { instructions_per_item: 40 } }),
  );
  const { code, stderr } = rill("report", before, "--budget", budget);
  assert.equal(code, 1);
  assert.match(stderr, /instructions_per_item: not measured; give the budget a "run"/);
});

test("bad budgets: exit 2", () => {
  for (const [text, message] of [
    ["{", /is not a budget/],
    ['{"version":2}', /not a budget of version 1/],
    ['{"version":1,"limits":{"bites":1}}', /unknown figure "bites" in limits; the known ones are bytes/],
    [
      '{"version":1,"limits":{"bytes":"1"}}',
      /limit of "bytes" is not a number, nor a number with an allowance such as "1550 \+ 5 %"/,
    ],
  ] as const) {
    const { code, stderr } = rill("report", before, "--budget", file("bad.json", text));
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
  assert.match(
    rill("report", before, "--budget", join(folder, "none.json")).stderr,
    /there is no such budget file; write one with: rill budget/,
  );
});

test("figures of one interpreter are no measure for the other: exit 2", () => {
  const budget = file("fast.json", JSON.stringify({ version: 1, limits: { pool_bytes: 1 }, device: "fast" }));
  const { code, stderr } = rill("report", before, "--budget", budget, "--device");
  assert.equal(code, 2);
  assert.match(stderr, /has figures of WAMR fast, not classic/);
});

test("an update keeps the limits that the budget has, and how it runs the guest", () => {
  const path = file("kept.json", JSON.stringify({ version: 1, limits: { bytes: 1 }, device: null }));
  rill("budget", before, "--update", "--file", path);
  const written = JSON.parse(readFileSync(path, "utf8")) as { limits: Record<string, number> };
  assert.deepEqual(Object.keys(written.limits), ["bytes"]);
  writeFileSync(path, "");
});

test("diff: by name what grew, what is new, what stayed", () => {
  const { diff } = reportOf(after, "--diff", before);
  const changes = new Map(diff!.functions.map((change) => [change.name, change]));
  assert.equal(changes.get("main/added")!.change, "added");
  assert.equal(changes.get("main/grow")!.change, "changed");
  assert.equal(changes.get("main/grow")!.matched, "name");
  assert.equal(changes.has("main/keep"), false);
  assert.deepEqual(diff!.exports, { added: ["added"], removed: [] });
  const figure = diff!.figures.find(({ name }) => name === "file bytes")!;
  assert.equal(figure.after - figure.before, readFileSync(after).length - readFileSync(before).length);
});

test("diff of a module with itself: nothing changed", () => {
  const { diff } = reportOf(after, "--diff", after);
  assert.deepEqual(diff!.functions, []);
  assert.ok(diff!.figures.every((figure) => figure.before === figure.after));
});

test("diff by shape: without names a function is known by its code, and one that grew a little by its likeness", async () => {
  const body = "let s = 0; for (let i = 0; i < a; i++) { s = (s << 1) ^ i; if (s & 64) s -= a; }";
  const sources = [
    `function long(a: i32): i32 { ${body} return s; }\nexport function run(a: i32): i32 { return long(a) + long(a + 1); }\n`,
    `export function first(a: i32): i32 { return a % 7; }\nfunction long(a: i32): i32 { ${body} return s + 12345; }\nexport function run(a: i32): i32 { return long(a) + long(a + 1); }\n`,
  ];
  const [old, now] = [await compile("shape-old", sources[0]!), await compile("shape-new", sources[1]!)];
  const { diff } = reportOf(now, "--diff", old);
  const long = diff!.functions.find(({ matched }) => matched === "shape");
  assert.ok(long, JSON.stringify(diff!.functions));
  assert.ok(long.after > long.before);
});

test("a budget that does not say how large functions were blames none", () => {
  const budget = file("without-functions.json", '{"version":1,"limits":{"bytes":10}}');
  const { code, stderr, stdout } = rill("report", after, "--budget", budget, "--json");
  assert.equal(code, 1);
  assert.doesNotMatch(stderr, /grown/);
  assert.match(stderr, /The budget does not say how large functions were, so none is blamed/);
  const { budget: outcome } = JSON.parse(stdout) as Report;
  assert.deepEqual(outcome!.checks[0]!.grown, []);
  const empty = file("no-functions.json", '{"version":1,"limits":{"bytes":10},"functions":{}}');
  assert.match(rill("report", after, "--budget", empty).stderr, /grown: main\/grow \+/);
});

test("functions without names are blamed together, by what they grew", async () => {
  const source = (extra: string): string =>
    `${extra}@inline(never) function last(a: i32): i32 { return a * 3; }\nexport function run(a: i32): i32 { return last(a) * last(a + 1); }\n`;
  const strip = ["--noExportMemory", "-O1"];
  const [old, now] = [
    await compile("unnamed-old", source(""), ...strip),
    await compile("unnamed-new", source("export function first(a: i32): i32 { return a % 7; }\n"), ...strip),
  ];
  const budget = join(folder, "unnamed.json");
  rill("budget", old, "--update", "--file", budget);
  const written = JSON.parse(readFileSync(budget, "utf8")) as { functions: Record<string, number> };
  writeFileSync(
    budget,
    JSON.stringify({ version: 1, limits: { bytes: 1 }, functions: renumbered(written.functions) }),
  );
  const { stderr } = rill("report", now, "--no-source-map", "--budget", budget);
  assert.doesNotMatch(stderr, /func\[\d+\] \+/);
});

/** As if the functions had other numbers. */
function renumbered(functions: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, bytes]) => [name.replace(/func\[(\d+)\]/, "func[9$1]"), bytes]),
  );
}

test("identical builds say so, in every form", () => {
  const path = join(folder, "same.html");
  assert.match(rill("report", after, "--diff", after).stdout, /identical byte for byte/);
  assert.match(rill("report", after, "--diff", after, "--markdown").stdout, /identical byte for byte/);
  rill("report", after, "--diff", after, "--html", path);
  assert.match(readFileSync(path, "utf8"), /identical byte for byte/);
  assert.equal(reportOf(after, "--diff", after).diff!.identical, true);
  assert.equal(reportOf(after, "--diff", before).diff!.identical, false);
});

test("diff shows instructions of the code", () => {
  const { diff } = reportOf(after, "--diff", before);
  const { before: old, after: now } = diff!.figures.find(({ name }) => name === "instructions")!;
  const sum = ({ functions }: Report): number =>
    functions.reduce((n, { instructions }) => n + instructions, 0);
  assert.deepEqual([old, now], [sum(reportOf(before)), sum(reportOf(after))]);
});

test("diff shows instructions per item and the pool, measured on both builds", async () => {
  const entry = "tests/guests/double/double.ts";
  const wit = "tests/guests/double/double.wit";
  const [waits, calls] = [await guest(entry, wit), await guest(entry, wit, "callback")];
  const items = file("diff-items.bin", new Uint8Array(80));
  const flags = ["--run", "--device", "--in", `x=${items}`];
  const { diff, run, device } = reportOf(calls, "--diff", waits, ...flags);
  const old = reportOf(waits, ...flags);
  const figure = (name: string): readonly [number, number] => {
    const { before: x, after: y } = diff!.figures.find((entry) => entry.name === name)!;
    return [x, y];
  };
  assert.deepEqual(figure("pool bytes"), [old.device!.pool_bytes, device!.pool_bytes]);
  assert.deepEqual(figure("instructions per item"), [
    old.run!.steady!.ready.instructions_per_item,
    run!.steady!.ready.instructions_per_item,
  ]);
});

test("diff of components: --core chooses in both, --diff-core in the older one", () => {
  const [old, now] = [component("old", before), component("now", after)];
  const direct = reportOf(after, "--diff", before, "--no-source-map").diff!;
  for (const flags of [
    [now, "--core", "0", "--diff", old],
    [now, "--core", "0", "--diff", old, "--diff-core", "0"],
    [after, "--no-source-map", "--diff", old, "--diff-core", "0"],
    [now, "--core", "0", "--diff", before, "--no-source-map"],
  ])
    assert.deepEqual(
      reportOf(flags[0]!, ...flags.slice(1)).diff!.functions.map(({ name, before: x, after: y }) => [
        name,
        x,
        y,
      ]),
      direct.functions.map(({ name, before: x, after: y }) => [name, x, y]),
      flags.join(" "),
    );
  assert.match(rill("report", after, "--diff-core", "0").stderr, /--diff-core goes with --diff OLD\.wasm/);
});

test("diff takes a source map for each build", () => {
  const moved = file("moved.wasm", readFileSync(before));
  const { diff } = reportOf(
    after,
    "--source-map",
    `${after}.map`,
    "--diff",
    moved,
    "--diff-source-map",
    `${before}.map`,
  );
  assert.ok(diff!.functions.length > 0);
  const { code, stderr } = rill(
    "report",
    after,
    "--diff",
    moved,
    "--diff-source-map",
    join(folder, "none.map"),
  );
  assert.equal(code, 2);
  assert.match(stderr, /cannot read the source map/);
});

/** A component around the core module at `path`; none of the canonical ABI is in it. */
function component(name: string, path: string): string {
  const core = readFileSync(path);
  const header = Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]);
  return file(`${name}.component.wasm`, Buffer.concat([header, new ByteWriter().section(1, core).bytes]));
}

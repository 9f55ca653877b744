/** `rill report --trend DIR`: the figures over several reports, and folders that hold anything else. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import stringWidth from "string-width";
import type { Report } from "../../tools/report/model.js";
import type { Trend } from "../../tools/report/trend/trend.js";
import { startBrowser, violations } from "./browser.js";
import { file, folder, guest, reportOf, rill } from "./rill.js";

const double = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");
const items = file("trend-items.bin", new Uint8Array(400));
const ran = reportOf(double, "--run", "--in", `x=${items}`);
const still = reportOf(double);

let count = 0;
function reports(files: Readonly<Record<string, unknown>>): string {
  const path = join(folder, `trend-${count++}`);
  mkdirSync(path);
  for (const [name, value] of Object.entries(files))
    writeFileSync(join(path, name), typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

/** The report of a build that is `by` bytes larger and slower. */
function grown(by: number): Report {
  const { run, stack } = ran;
  const ready = {
    ...run!.steady!.ready,
    instructions_per_item: run!.steady!.ready.instructions_per_item + by / 8,
  };
  return {
    ...ran,
    stripped_bytes: ran.stripped_bytes + by,
    stack: { ...stack, stack_bytes: stack.stack_bytes! - by },
    run: { ...run!, steady: { ...run!.steady!, ready } },
  };
}

const three = reports({
  "build-1.json": ran,
  "build-10.json": still,
  "build-2.json": grown(10),
  "notes.txt": "x",
});

test("the reports in the order of their names, numbers by value; each figure as the report has it", () => {
  const { code, stdout, stderr } = rill("report", "--trend", three, "--json");
  assert.equal(code, 0, stderr);
  const trend = JSON.parse(stdout) as Trend;
  assert.equal(trend.module, "double.core.wasm");
  assert.deepEqual(
    trend.reports.map(({ name }) => name),
    ["build-1.json", "build-2.json", "build-10.json"],
  );
  const values = Object.fromEntries(trend.figures.map((each) => [each.name, each.values]));
  const { stripped_bytes: flash, stack, linear_memory: memory, run } = ran;
  const cost = run!.steady!.ready.instructions_per_item;
  assert.deepEqual(values, {
    "flash bytes": [flash, flash + 10, flash],
    "RAM bytes": [memory.used_bytes, memory.used_bytes, memory.used_bytes],
    "pool bytes": [null, null, null],
    "stack bytes": [stack.stack_bytes, stack.stack_bytes! - 10, stack.stack_bytes],
    "instructions per item": [cost, cost + 1.25, null],
    "allocations per item": [0, 0, null],
  });
});

test("text: first, last, change and a curve, in 80 columns; Markdown the same", () => {
  const { stdout } = rill("report", "--trend", three);
  assert.match(stdout, /^double\.core\.wasm: 3 reports, in the order of their files' names$/m);
  assert.match(stdout, /^ {2}flash bytes +750 +750 +±0 {2}▁█▁ 750 to 760$/m);
  assert.match(stdout, /^ {2}instructions per item +26 +27\.25 +\+1\.25 {2}▁█· 26 to 27\.25$/m);
  assert.match(stdout, /^ {2}build-10\.json +750 +64 +\d+ +– +–$/m);
  assert.match(stdout, /^pool bytes: not measured; reports made with --device have it$/m);
  const { stdout: markdown } = rill("report", "--trend", three, "--markdown");
  assert.match(markdown, /^\| flash bytes \| 750 \| 750 \| ±0 \| `▁█▁ 750 to 760` \|$/m);
  const many = reports(
    Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${"n".repeat(90)}${i}.json`, grown(i)])),
  );
  const wide = rill("report", "--trend", many).stdout.split("\n");
  assert.ok(wide.every((line) => stringWidth(line) <= 80));
  assert.ok(wide.some((line) => line.includes("… 25 more (--all)")));
  const all = rill("report", "--trend", many, "--all").stdout;
  assert.equal(all.split("\n").filter((line) => line.includes("…") && line.includes(".json")).length, 40);
});

test("files that are no reports: one message that names each and what is wrong with it", () => {
  const broken = reports({
    "a.json": ran,
    "b.json": "{",
    "c.json": "",
    "d.json": { name: "package" },
    "e.json": { ...ran, version: 1 },
    "f.json": { ...ran, stripped_bytes: "many" },
    "g.json": { ...ran, memories: [{}] },
    "h.json": { ...ran, run: { steady: null } },
    "i\u001b[31m.json": "[]",
  });
  const { code, stdout, stderr } = rill("report", "--trend", broken);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /8 of its \.json files are no reports of this as-rill; write them again or move them away/,
  );
  for (const line of [
    /b\.json: it is not JSON$/m,
    /c\.json: it is empty$/m,
    /d\.json: it is no report: a trend is drawn from what rill report --json printed$/m,
    /e\.json: it is a report of version 1, and this as-rill reads version 2$/m,
    /f\.json: its field stripped_bytes is missing or damaged$/m,
    /g\.json: its field memories is missing or damaged$/m,
    /h\.json: its field run\.instructions_per_item is missing or damaged$/m,
    /i\\u\{1b\}\[31m\.json: it is no report/m,
  ])
    assert.match(stderr, line);
  assert.doesNotMatch(stderr, /a\.json|\u001b/);
});

test("folders and flags that make no sense: exit 2, and no page", () => {
  const page = join(folder, "no-trend.html");
  const other = reports({ "a.json": ran, "b.json": { ...ran, file: "ecg.core.wasm" } });
  const dangling = reports({});
  symlinkSync("nowhere", join(dangling, "x.json"));
  for (const [path, says] of [
    [join(folder, "no-such-folder"), /no-such-folder: cannot be read: no such file or folder; give a folder/],
    [double, /cannot be read: .*; give a folder of reports/],
    [reports({ "readme.md": "" }), /has no file that ends in \.json/],
    [dangling, /x\.json: cannot be read: no such file/],
    [
      other,
      /its reports are of 2 modules, .*\n {2}double\.core\.wasm: a\.json\n {2}ecg\.core\.wasm: b\.json/,
    ],
  ] as const) {
    const { code, stderr } = rill("report", "--trend", path, "--html", page);
    assert.equal(code, 2);
    assert.match(stderr, says);
    assert.throws(() => readFileSync(page));
  }
  assert.match(rill("report", double, "--trend", three).stderr, /--trend reads .*; leave out/);
  for (const flags of [
    ["--run"],
    ["--diff", double],
    ["--no-source-map"],
    ["--in", "x=y"],
    ["--c-header", "x"],
  ])
    assert.match(
      rill("report", "--trend", three, ...flags).stderr,
      new RegExp(`${flags[0]} goes with a module, and --trend takes none`),
    );
  assert.match(rill("report", "--trend", three, "--html", join(three, "x.json")).stderr, /among the reports/);
});

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

test("the page: a chart for each figure, every value in the table, nothing for axe-core to complain of", async () => {
  const hostile = { ...ran, file: "</script><b>double" };
  const many = reports(
    Object.fromEntries(
      Array.from({ length: 150 }, (_, i) => [
        `<i>${i}.json`,
        i % 50 === 7 ? { ...still, file: hostile.file } : { ...grown(i), file: hostile.file },
      ]),
    ),
  );
  for (const [index, path] of [three, many].entries()) {
    const html = join(folder, `trend-${index}.html`);
    assert.equal(rill("report", "--trend", path, "--html", html).code, 0);
    for (const [width, colorScheme] of [
      [1200, "light"],
      [390, "dark"],
    ] as const) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(pathToFileURL(html).href);
      await page.waitForSelector("html[data-ready]");
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(complaints, []);
      assert.equal(await page.locator("svg.trend").count(), 5);
      assert.equal(await page.locator("tbody tr").count(), [3, 150][index]);
      const [height, over] = await page.evaluate(() => [
        document.documentElement.scrollHeight,
        document.documentElement.scrollWidth - innerWidth,
      ]);
      assert.ok(height < 25_000, `${height}`);
      assert.equal(over, 0);
      await page.close();
    }
  }
});

/** The text: no wider than the terminal, names cut in the middle, one screen first. */
import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { after, test } from "node:test";
import stringWidth from "string-width";
import { cutMiddle, wrapLine } from "../../tools/report/forms/fit-width.js";
import { textForm } from "../../tools/report/forms/text-form.js";
import type { Report } from "../../tools/report/model.js";
import { rustModules } from "./corpus.js";
import { analysed, file, guest, rill, wat } from "./rill.js";

const long = "a".repeat(70) + "::" + "b".repeat(70);
const modules = [
  await guest("examples/names/names.ts", "examples/names/names.wit"),
  file(
    "wide.wasm",
    wat(`(module (import "${"\\e7\\92\\b0".repeat(40)}" "${long}" (func)) (memory 1)
    (func (export "${long}") (param i32) (result i32) (memory.grow (local.get 0))))`),
  ),
  rustModules().find((path) => path.endsWith("wasm-tools.core.wasm"))!,
];
const reports: Report[] = [];
for (const path of modules) reports.push(await analysed(path));

const { columns, rows, isTTY } = process.stdout;
after(() => {
  Object.assign(process.stdout, { columns, rows, isTTY });
});

function onTerminal(report: Report, width: number, height: number, all: boolean): string[] {
  Object.assign(process.stdout, { columns: width, rows: height, isTTY: true });
  return stripVTControlCharacters(textForm(report, all)).trimEnd().split("\n");
}

test("no line is wider than 80 columns when it goes to no terminal, with --all too", () => {
  for (const path of modules)
    for (const flags of [[], ["--all"]]) {
      const { stdout } = rill("report", path, ...flags);
      const widest = stdout
        .split("\n")
        .reduce((most, line) => (stringWidth(line) > stringWidth(most) ? line : most));
      assert.ok(stringWidth(widest) <= 80, `${stringWidth(widest)}: ${widest}`);
    }
});

test("no line is wider than the terminal", () => {
  for (const report of reports)
    for (const width of [60, 100, 160])
      for (const line of onTerminal(report, width, 10_000, false))
        assert.ok(stringWidth(line) <= width, `${width}: ${line}`);
});

test("a terminal shows one screen first, then says how to see the rest; --all shows it", () => {
  for (const report of reports) {
    const lines = onTerminal(report, 80, 24, false);
    assert.ok(lines.length < 24, `${lines.length} lines`);
    assert.match(lines.at(-1)!, /^… [\d,]+ more lines \(--all\)$/);
    assert.match(lines.join("\n"), /^ {2}allocation/m);
    assert.ok(onTerminal(report, 80, 24, true).length > 24);
  }
});

test("a long name keeps its beginning and its end", () => {
  const [, wide] = reports;
  const lines = onTerminal(wide!, 80, 1000, false);
  assert.ok(
    lines.some((line) => /a{8,}…b{8,}/.test(line)),
    lines.join("\n"),
  );
});

test("cutting and wrapping count cells, not characters", () => {
  assert.equal(cutMiddle("abcdefghij", 5), "ab…ij");
  assert.equal(stringWidth(cutMiddle("環境環境環境", 7)), 7);
  assert.equal(cutMiddle("\u001b[31mabcdefghij\u001b[39m", 5), "\u001b[31mab…ij\u001b[39m");
  assert.deepEqual(wrapLine("  one two three", 10), ["  one two", "    three"]);
});

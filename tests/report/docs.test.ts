/** What docs/report.md shows is what the commands print, numbers apart: they follow the library. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { file, folder, guest, reportOf, rill } from "./rill.js";

const ENTRY = ["tests/guests/double/double.ts", "tests/guests/double/double.wit"] as const;
const waits = await guest(...ENTRY);
const callsBack = await guest(...ENTRY, "callback");
const items = file("docs-items.bin", new Uint8Array(400));
const page = readFileSync(join(packageRoot, "docs", "report.md"), "utf8");

function shown(name: string): string {
  const [, block] = new RegExp(
    `<!-- ${name}:begin -->\\n\`{3,4}\\w*\\n([^]*?)\`{3,4}\\n<!-- ${name}:end -->`,
  ).exec(page)!;
  return block!;
}

function shape(text: string): string {
  return text
    .replaceAll(/[▁▂▃▄▅▆▇█·]+/g, "|")
    .replaceAll(/\*\*[+−][\d,.]+\*\*|±0|[+−][\d,.]+/g, "±")
    .replaceAll(/(?<![\w-])[\d,.]*\d(?![\w-]*\.json)/g, "0")
    .replaceAll(/[ -]+/g, " ")
    .trim();
}

test("the comment", () => {
  const budget = file("docs-budget.json", JSON.stringify({ version: 1, limits: { bytes: 830 } }));
  const { stdout } = rill("report", callsBack, "--diff", waits, "--budget", budget, "--markdown");
  const [top] = stdout.replaceAll(budget, "budget.json").split("\n\n<details>");
  assert.equal(shape(shown("comment")), shape(top!), top);
});

test("the page has the sections that are listed, in their order", () => {
  const [, table] = /<!-- page:begin -->\n([^]*?)<!-- page:end -->/.exec(page)!;
  const listed = [...table!.matchAll(/^\| (\w[^|]*?) \| [^|]+\|$/gm)].map(([, title]) => title!).slice(1);
  const budget = file("docs-page-budget.json", JSON.stringify({ version: 1, limits: { bytes: 900 } }));
  const html = join(folder, "docs-page.html");
  rill(
    "report",
    callsBack,
    "--diff",
    waits,
    "--budget",
    budget,
    "--run",
    "--in",
    `x=${items}`,
    "--html",
    html,
  );
  const [contents] = /<nav class="contents"[^]*?<\/nav>/.exec(readFileSync(html, "utf8"))!;
  const shown = [...contents.matchAll(/<a href="#[\w-]+">([^<]*)<\/a>/g)].map(([, title]) =>
    title!.replace(/since .*/, "since OLD"),
  );
  const elsewhere = ["Fit on BOARD", "RAM on the device", "As C, without an interpreter", "Notes"];
  assert.deepEqual(
    listed.filter((title) => !elsewhere.includes(title)),
    shown,
  );
  for (const title of elsewhere) assert.ok(listed.includes(title), title);
});

test("the trend", () => {
  const path = join(folder, "docs-trend");
  mkdirSync(path);
  for (const [name, core] of [
    ["build-8.json", waits],
    ["build-9.json", callsBack],
    ["build-10.json", waits],
  ] as const)
    writeFileSync(join(path, name), JSON.stringify(reportOf(core, "--run", "--in", `x=${items}`)));
  const { stdout } = rill("report", "--trend", path);
  assert.equal(shape(shown("trend")), shape(stdout), stdout);
});

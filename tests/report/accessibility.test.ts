/**
 * Every form of the page as axe-core judges it: light and dark, wide and on a
 * phone, with every section that there is.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { isLong } from "../tier.js";
import { startBrowser, violations } from "./browser.js";
import { compile, file, folder, guest, rill, wat } from "./rill.js";

let browser: Browser;
const pages = new Map<string, string>();

before(async () => {
  browser = await startBrowser();
  const double = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");
  const names = await guest("examples/names/names.ts", "examples/names/names.wit");
  const allocating = await compile(
    "axe-allocates",
    "class P { x: i32 = 1; }\nexport function run(): i32 { return new P().x; }\nexport function again(n: i32): i32 { return n > 0 ? again(n - 1) : run(); }\n",
    "--debug",
  );
  const several = file(
    "axe-several.wasm",
    wat(`(module (import "env" "shared" (memory 1 4 shared)) (memory 2) (data (memory 1) (i32.const 16) "hello")
      (func (export "f") (param i32) (result i32) (i32.store (local.get 0) (i32.const 1)) (i32.load 1 (i32.const 16))))`),
  );
  const budget = file(
    "axe-budget.json",
    JSON.stringify({ version: 1, limits: { bytes: 1, imports: 100, pool_bytes: 9 }, functions: {} }),
  );
  const items = file("axe-items.bin", new Uint8Array(400));
  const words = file("axe-words.jsonl", `"a"\n"bc"\n"def"\n`);
  html(
    "a guest, run, on a device, over budget, compared",
    double,
    "--run",
    "--in",
    `x=${items}`,
    "--device",
    "--budget",
    budget,
    "--diff",
    names,
  );
  html("a guest with an arena", names, "--run", "--in", `x=${words}`);
  html("a module that allocates", allocating, "--diff", double);
  html("several memories, unknown", several, "--diff", several);
});
after(() => browser.close());

function html(name: string, core: string, ...flags: string[]): void {
  const path = join(folder, `axe-${pages.size}.html`);
  const { code, stderr } = rill("report", core, "--html", path, ...flags);
  assert.ok(code === 0 || stderr.includes("is exceeded"), stderr);
  pages.set(name, path);
}

async function open(path: string, width: number, colorScheme: "light" | "dark"): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: "reduce",
  });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector("html[data-ready]");
  return page;
}

/** At night each width in both. */
const looks = [
  [1200, "light"],
  [390, "dark"],
  ...(isLong
    ? ([
        [1200, "dark"],
        [390, "light"],
      ] as const)
    : []),
] as const;
for (const [width, theme] of looks) {
  test(`axe-core finds nothing at ${width} pixels, ${theme}`, async () => {
    for (const [name, path] of pages) {
      const page = await open(path, width, theme);
      for (const details of await page.locator("details > summary").all()) await details.click();
      assert.deepEqual(await violations(page), [], name);
      await page.close();
    }
  });
}

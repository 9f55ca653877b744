/** The HTML page in a real browser: it draws, moves, prints, and asks the network for nothing. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { ByteWriter } from "../../tools/wasm/byte-writer.js";
import { startBrowser } from "./browser.js";
import { rustModules } from "./corpus.js";
import { compile, file, folder, guest, rill } from "./rill.js";

const items = file("page-items.bin", new Uint8Array(400));
let browser: Browser;
let small: string;
let large: string;
let budgeted: string;

before(async () => {
  browser = await startBrowser(["--disable-component-update", "--disable-sync"]);
  const core = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");
  small = html("small", core, "--run", "--in", `x=${items}`);
  large = html(
    "large",
    rustModules().find((path) => path.endsWith("wasm-tools.core.wasm"))!,
  );
  const old = await compile("page-old", "export function f(a: i32): i32 { return a; }\n", "--debug");
  const now = await compile(
    "page-now",
    "export function f(a: i32): i32 { return a * a + 7; }\nexport function hostile(): void {}\n",
    "--debug",
  );
  const budget = file("page-budget.json", JSON.stringify({ version: 1, limits: { bytes: 1, imports: 100 } }));
  budgeted = html("budgeted", now, "--diff", old, "--budget", budget);
});
after(() => browser.close());

function html(name: string, core: string, ...flags: string[]): string {
  const path = join(folder, `${name}.html`);
  const { stderr } = rill("report", core, "--html", path, ...flags);
  assert.match(stderr, /^(rill: the budget .*)?$/s);
  return path;
}

interface Opened {
  readonly page: Page;
  readonly complaints: string[];
}

async function open(path: string, options: { width?: number; dark?: boolean } = {}): Promise<Opened> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1200, height: 900 },
    colorScheme: options.dark ? "dark" : "light",
  });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(path).href && !request.url().startsWith("data:"))
      complaints.push(`request of ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector("html[data-ready]");
  return { page, complaints };
}

test("it draws everything, complains of nothing and asks the network for nothing", async () => {
  const { page, complaints } = await open(small);
  for (const id of [
    "origins",
    "treemap",
    "memory",
    "allocation",
    "stack",
    "run",
    "curve",
    "functions",
    "sections",
    "lines",
    "imports",
  ]) {
    assert.equal(await page.locator(`#${id}-title`).count(), 1, id);
  }
  assert.ok((await page.locator("#treemap .box").count()) > 20);
  assert.ok((await page.locator("#flame .box").count()) > 10);
  assert.ok((await page.locator(".grid [data-kind=slot]").count()) >= 2);
  assert.equal(await page.locator("svg.curve path").count(), 1);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the treemap's boxes lie inside it and do not cover each other", async () => {
  const { page } = await open(small);
  const covered = await page.evaluate(() => {
    const host = document.querySelector("#treemap .boxes")!.getBoundingClientRect();
    const leaves = [...document.querySelectorAll("#treemap .box:not(.group)")].map((box) =>
      box.getBoundingClientRect(),
    );
    const outside = leaves.filter(
      (box) => box.left < host.left - 1 || box.right > host.right + 1 || box.bottom > host.bottom + 1,
    );
    const crossing = leaves.filter((x, i) =>
      leaves
        .slice(i + 1)
        .some(
          (y) => x.left + 1 < y.right && y.left + 1 < x.right && x.top + 1 < y.bottom && y.top + 1 < x.bottom,
        ),
    );
    return { some: leaves.length > 3, outside: outside.length, crossing: crossing.length };
  });
  assert.deepEqual(covered, { some: true, outside: 0, crossing: 0 });
  await page.close();
});

test("by keyboard: into a section, back out, and each step is told", async () => {
  const { page } = await open(small);
  await page.locator("#treemap .box").first().focus();
  const status = page.locator("#treemap .status");
  assert.match((await status.textContent())!, /double\.core\.wasm: [\d,]+ bytes, 100\.0 %/);
  await page.keyboard.press("ArrowDown");
  const section = (await status.textContent())!;
  assert.doesNotMatch(section, /100\.0 %/);
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await status.textContent(), section);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#treemap .crumbs button").count(), 2);
  assert.equal(await page.evaluate(() => document.activeElement?.classList.contains("box")), true);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#treemap .crumbs button").count(), 1);
  await page.locator("input[name=treemap-by][value=sources]").focus();
  await page.keyboard.press("Space");
  assert.ok((await page.locator("#treemap .box", { hasText: "operation.ts" }).count()) > 0);
  await page.close();
});

test("functions too small to be drawn share a box, which opens", async () => {
  const { page } = await open(large);
  const small = page.locator("#treemap .box.group > span", { hasText: /^[\d,]+ smaller$/ });
  assert.equal(await small.count(), 1);
  const few = await page.locator("#treemap .box").count();
  await small.click();
  assert.match((await page.locator("#treemap .crumbs").textContent())!, / smaller$/);
  assert.ok((await page.locator("#treemap .box").count()) > few / 2);
  await page.close();
});

test("tables sort and narrow down", async () => {
  const { page } = await open(large);
  const first = (): Promise<string | null> =>
    page.locator("#functions tbody tr:not([hidden]) td").nth(1).textContent();
  const largest = await first();
  const bytes = page.locator("#functions th").nth(1);
  assert.equal(await bytes.getAttribute("aria-sort"), "descending");
  await bytes.locator("button").click();
  assert.equal(await bytes.getAttribute("aria-sort"), "ascending");
  assert.notEqual(await first(), largest);
  await bytes.locator("button").click();
  assert.equal(await first(), largest);
  await page.locator("input[data-filters=functions]").fill("cabi_realloc");
  assert.ok((await page.locator("#functions tbody tr:visible").count()) < 20);
  await page.close();
});

test("light and dark follow the system, and the switch", async () => {
  const background = (page: Page): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await open(small);
  const dark = await open(small, { dark: true });
  assert.equal(await background(light.page), "rgb(247, 247, 245)");
  assert.equal(await background(dark.page), "rgb(21, 23, 26)");
  await light.page.locator("#theme").click();
  await light.page.locator("#theme").click();
  assert.equal(await background(light.page), "rgb(21, 23, 26)");
  await light.page.close();
  await dark.page.close();
});

for (const width of [320, 390, 768]) {
  test(`nothing hangs over at ${width} pixels`, async () => {
    for (const path of [small, large, budgeted]) {
      const { page, complaints } = await open(path, { width });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, path);
      assert.deepEqual(complaints, []);
      await page.close();
    }
  });
}

test("budget and diff lead the page, and names are text", async () => {
  const { page, complaints } = await open(budgeted);
  assert.equal(await page.locator(".card.bad", { hasText: "exceeded" }).count(), 1);
  assert.equal(await page.locator(".budget li.bad b", { hasText: "bytes" }).count(), 1);
  assert.ok((await page.locator("#diff-functions tbody tr").count()) >= 2);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the map of both builds: areas of the chosen one, colours and words for what changed, all adds up", async () => {
  const { page, complaints } = await open(budgeted);
  const boxes = (): Promise<{ says: string; kind: string; text: string }[]> =>
    page.locator("#change-map .box").evaluateAll((all) =>
      all.map((box) => ({
        says: box.getAttribute("aria-label")!,
        kind: (box as HTMLElement).dataset["change"] ?? "",
        text: box.textContent,
      })),
    );
  const after = await boxes();
  const of = (name: string): { says: string; kind: string } =>
    after.find(({ says }) => says.startsWith(`${name}: `))!;
  assert.match(of("main/f").says, /: [\d,]+ bytes, [\d.]+ %, grew from \d+ to \d+/);
  assert.equal(of("main/f").kind, "grew");
  assert.match(after.find(({ says }) => says.startsWith("main/f:"))!.text, /^main\/f \d+ \(\+\d+\)$/);
  assert.match(of("main/hostile").says, /, new/);
  assert.equal(of("main/hostile").kind, "new");
  const whole = Number(/: ([\d,]+) bytes/.exec(after[0]!.says)![1]!.replaceAll(",", ""));
  const [before, now] = await page
    .locator("#diff-figures tr", { hasText: "file bytes" })
    .evaluate((row) =>
      [...row.querySelectorAll<HTMLElement>("[data-value]")].map((cell) => Number(cell.dataset["value"])),
    );
  assert.equal(whole, now);
  await page.locator("input[name=change-map-of][value=before]").check();
  const old = await boxes();
  assert.equal(Number(/: ([\d,]+) bytes/.exec(old[0]!.says)![1]!.replaceAll(",", "")), before);
  assert.ok(!old.some(({ says }) => says.startsWith("main/hostile")));
  assert.ok((await page.locator("#diff-sections tbody tr").count()) > 1, "the same as a table");
  assert.deepEqual(complaints, []);
  await page.close();
});

/**
 * Milliseconds until the page stands, the best of three; elements that a zoom
 * draws, and all that there are then.
 */
async function paces(path: string): Promise<{ drawn: number; zoomed: number; elements: number }> {
  const runs: { drawn: number; zoomed: number; elements: number }[] = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const { page } = await open(path);
    const drawn = performance.now() - start;
    const rest = await page.evaluate(() => {
      const added = new MutationObserver(() => undefined);
      added.observe(document.body, { childList: true, subtree: true });
      document
        .querySelector<HTMLElement>("#treemap .box.group .box, #treemap .box.group:nth-child(2)")!
        .click();
      const zoomed = added
        .takeRecords()
        .flatMap(({ addedNodes }) => [...addedNodes])
        .filter((node) => node instanceof Element)
        .reduce((sum, node) => sum + 1 + node.querySelectorAll("*").length, 0);
      return { zoomed, elements: document.querySelectorAll("*").length };
    });
    runs.push({ drawn, ...rest });
    await page.close();
  }
  return { ...runs[0]!, drawn: Math.min(...runs.map((run) => run.drawn)) };
}

test("2.4 MB of wasm: a page that is as quick as a small one", async () => {
  const [of800Bytes, of2400Kilobytes] = [await paces(small), await paces(large)];
  console.log(JSON.stringify({ of800Bytes, of2400Kilobytes }));
  const { drawn, zoomed, elements } = of2400Kilobytes;
  // What makes it smooth: however many functions there are, only the boxes and
  // rows that one can see are drawn.
  assert.ok(elements < 25_000, `${elements} elements`);
  assert.ok(drawn < 10 * of800Bytes.drawn, `drawn in ${drawn} ms, the small one in ${of800Bytes.drawn} ms`);
  assert.ok(of800Bytes.zoomed > 0, "a zoom draws");
  assert.ok(zoomed < elements / 4, `a zoom draws ${zoomed} of ${elements} elements`);
});

test("it prints: light, without controls, nothing cut at the side", async () => {
  const { page } = await open(small, { dark: true });
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#theme").isVisible(), false);
  assert.equal(await page.locator(".filter").first().isVisible(), false);
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light");
  const pdf = await page.pdf({ format: "A4", printBackground: true });
  assert.ok(pdf.length > 20_000);
  await page.close();
});

test("what a page shows it prints: every row, every chain, and the waterfall adds up", async () => {
  for (const path of [small, large]) {
    const { page } = await open(path);
    const rows = await page.locator("tbody tr").count();
    const folds = await page.locator("details").count();
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await page.locator("tbody tr:visible").count(), rows, path);
    assert.equal(await page.locator("details[open]").count(), folds, path);
    const cut = await page.evaluate(
      () =>
        [...document.querySelectorAll(".scroll")].filter((box) => box.scrollHeight > box.clientHeight + 1)
          .length,
    );
    assert.equal(cut, 0, "no table is cut below");
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.equal(await page.locator("details[open]").count(), 0);
    await page.close();
  }
});

test("the stack's waterfall: each bar begins where the one before ends, the last is the whole", async () => {
  const { page } = await open(small);
  const bars = await page.locator(".frames .fall i").evaluateAll((all) =>
    all.map((bar) => {
      const { left, right } = bar.getBoundingClientRect();
      return { left, right };
    }),
  );
  const whole = bars.pop()!;
  let at = whole.left;
  for (const { left, right } of bars) {
    assert.ok(Math.abs(left - at) < 1, `${left}, ${at}`);
    at = right;
  }
  assert.ok(Math.abs(at - whole.right) < 1.5);
  const bytes = (await page.locator(".frames b").allTextContents()).map((text) =>
    Number(text.replaceAll(",", "")),
  );
  const total = bytes.pop();
  assert.equal(
    bytes.reduce((sum, each) => sum + each, 0),
    total,
  );
  await page.close();
});

test("a page of 14 MB of wasm is short enough to scroll, with a table of contents and chains folded", async () => {
  const many = file("fourteen.wasm", allocatingModule(14_000_000));
  const path = html("fourteen", many);
  for (const width of [1200, 390]) {
    const { page, complaints } = await open(path, { width });
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    assert.ok(height < 25_000, `${height} pixels at ${width}`);
    const links = await page
      .locator("nav.contents a")
      .evaluateAll((all) =>
        all.map(
          (link) =>
            document.querySelector(link.getAttribute("href")!)?.textContent.trim() === link.textContent,
        ),
      );
    assert.ok(links.length > 6 && links.every(Boolean), JSON.stringify(links));
    assert.equal(await page.locator("details[open]").count(), 0);
    assert.deepEqual(complaints, []);
    await page.close();
  }
});

/**
 * A module of `byteLength` bytes and more whose 150 exports all lead, through twenty calls, to memory.grow.
 */
function allocatingModule(byteLength: number): Uint8Array {
  const steps = 20;
  const filler = Math.ceil(byteLength / (150 * steps) / 4);
  const bodies: Uint8Array[] = [];
  for (let chain = 0; chain < 150; chain++) {
    for (let step = 0; step < steps; step++) {
      const body = new ByteWriter().put(0);
      for (let i = 0; i < filler; i++) body.put(0x41, 0x2a, 0x1a, 0x01);
      if (step < steps - 1) body.put(0x10).u32(chain * steps + step + 1);
      else body.put(0x41, 1, 0x40, 0, 0x1a);
      bodies.push(body.put(0x0b).bytes.slice());
    }
  }
  const types = new ByteWriter().u32(bodies.length);
  const code = new ByteWriter().u32(bodies.length);
  for (const body of bodies) {
    types.put(0);
    code.sized(body);
  }
  const exports = new ByteWriter().u32(150);
  for (let chain = 0; chain < 150; chain++)
    exports
      .name(`export-${chain}`)
      .put(0)
      .u32(chain * steps);
  return new ByteWriter()
    .put(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
    .section(1, Uint8Array.from([1, 0x60, 0, 0]))
    .section(3, types.bytes)
    .section(5, Uint8Array.from([1, 0, 1]))
    .section(7, exports.bytes)
    .section(10, code.bytes).bytes;
}

test("without scripts the figures are still there", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(small).href);
  assert.ok((await page.locator("#functions tbody tr").count()) > 0);
  assert.match((await page.locator(".cards").first().textContent())!, /Linear memory/);
  await context.close();
});

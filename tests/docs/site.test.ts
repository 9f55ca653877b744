/** The site of the documentation, as a browser shows its files: links, search, light and dark, no network. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { buildSite } from "../../dev/site/build-site.js";
import { sitePages } from "../../dev/site/pages.js";
import { startBrowser, violations } from "../report/browser.js";

let site: string;
let browser: Browser;

before(async () => {
  site = mkdtempSync(join(tmpdir(), "rill-site-"));
  [browser] = await Promise.all([startBrowser(), buildSite(site)]);
});
after(async () => {
  await browser.close();
  rmSync(site, { recursive: true, force: true });
});

function htmlFiles(): string[] {
  return readdirSync(site, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".html"));
}

test("every page is there, and every class and function of the library", () => {
  const files = htmlFiles();
  const missing = sitePages().filter(({ url }) => !files.includes(`${url}.html`));
  assert.deepEqual(missing, []);
  for (const name of ["StreamReader", "StreamWriter", "waitAny"])
    assert.ok(files.includes(join("api", `${name}.html`)));
});

test("no link is broken, and none of them needs a network to read on", () => {
  const ids = new Map<string, Set<string>>();
  for (const file of htmlFiles()) {
    const html = readFileSync(join(site, file), "utf8");
    ids.set(join(site, file), new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)));
  }
  let seen = 0;
  const broken = htmlFiles().flatMap((file) => {
    const html = readFileSync(join(site, file), "utf8");
    const links = [...html.matchAll(/<(\w+)[^>]* (?:href|src)="([^"]+)"/g)].map(([, tag, link]) => ({
      tag,
      link: link!,
    }));
    seen += links.length;
    return links
      .filter(({ tag, link }) => {
        // A link may lead away; what a page is made of may not be elsewhere.
        if (/^https:/.test(link)) return tag !== "a";
        const [path, anchor] = link.split("#") as [string, string | undefined];
        const target = path === "" ? join(site, file) : join(site, dirname(file), decodeURI(path));
        const known = ids.get(target);
        return !existsSync(target) || (anchor && known && !known.has(decodeURIComponent(anchor)));
      })
      .map(({ link }) => `${file}: ${link}`);
  });
  assert.deepEqual(broken, []);
  assert.ok(seen > 1000, `${seen} links`);
});

/** A page that complains when something fails, or is fetched from elsewhere. */
async function open(
  path: string,
  colorScheme: "light" | "dark",
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ colorScheme, reducedMotion: "reduce" });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => {
    // Of files, browsers take no icons out of another; a script of the page brings them then.
    if (!request.url().endsWith("icons.svg")) complaints.push(`failed: ${request.url()}`);
  });
  page.on("request", (request) => {
    if (!/^(?:file|data):/.test(request.url())) complaints.push(`request of ${request.url()}`);
  });
  await page.goto(pathToFileURL(join(site, path)).href);
  return { page, complaints };
}

test("a reader goes from the first page to the tutorial, and finds a guide and a method by a word", async () => {
  const { page, complaints } = await open("index.html", "light");
  await page.getByRole("main").getByRole("link", { name: "tutorial" }).click();
  assert.match(await page.title(), /Tutorial/);
  const navigation = page.getByRole("navigation");
  await navigation.getByText("Guides").click();
  await navigation.getByRole("link", { name: "Values" }).click();
  await page.waitForURL((url) => url.pathname.endsWith("guide/values.html"));
  for (const [word, found] of [
    ["arena", "guide/strings-and-lists.html"],
    ["writeOne", "api/StreamWriter.html"],
  ] as const) {
    await page.keyboard.press("/");
    await page.getByRole("combobox").fill(word);
    await page.locator(`[role=option] a[href*="${found}"]`).first().click();
    await page.waitForURL((url) => url.pathname.endsWith(found));
  }
  assert.deepEqual(complaints, []);
  await page.close();
});

test("it is light or dark as the reader's system is", async () => {
  const shades = { light: 0, dark: 0 };
  for (const scheme of ["light", "dark"] as const) {
    const { page } = await open("guide/values.html", scheme);
    const color = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    shades[scheme] = Number(/\d+/.exec(color as string)![0]);
    await page.close();
  }
  assert.ok(shades.light > 200 && shades.dark < 80, JSON.stringify(shades));
});

/** One page of each kind: tables, code in several languages, lists of everything, a class. */
const kinds = [
  "index.html",
  "readme.html",
  "guide/streams.html",
  "gate.html",
  "modules.html",
  "api/StreamWriter.html",
];
for (const scheme of ["light", "dark"] as const)
  test(`axe-core finds nothing, ${scheme}`, async () => {
    for (const path of kinds) {
      const { page } = await open(path, scheme);
      assert.deepEqual(await violations(page), [], path);
      await page.close();
    }
  });

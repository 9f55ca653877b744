/** Debian's Chromium in tests, and what axe-core says of a page in it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { chromium as findChromium } from "../../tools/setup/programs.js";
import { isMissing } from "../../tools/setup/tool.js";

/** Arguments with which it starts quickly and asks for nothing. */
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

/** Starts it. @param more arguments beside the quiet ones */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  const program = await findChromium();
  assert.ok(!isMissing(program));
  return chromium.launch({ executablePath: program.path, args: [...QUIET, ...more] });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds, one line for each element. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }).axe.run({
      resultTypes: ["violations"],
      // It would fetch style sheets a second time, which a page in a file may not.
      preload: false,
    }),
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html: element, any, all }) =>
        `${id}: ${help}: ${element} ${[...any, ...all].map(({ message }) => message).join("; ")}`,
    ),
  );
}

/** Debian's Chromium in tests, and what axe-core says of a page in it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

/** Arguments with which it starts quickly and asks for nothing. */
export const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

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

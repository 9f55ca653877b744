/** `docs/api` is what the doc comments of the library say today: `npm run docs:api` writes it. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { API_PAGES, generateApi } from "../../dev/api/generate-api.js";

let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-api-"));
  await generateApi(folder);
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function pagesIn(root: string): Map<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".md"),
  );
  return new Map(files.sort().map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

test("the API reference is up to date; otherwise: npm run docs:api", () => {
  const [now, there] = [pagesIn(folder), pagesIn(API_PAGES)];
  assert.deepEqual([...there.keys()], [...now.keys()]);
  for (const [path, text] of now) assert.equal(there.get(path), text, path);
});

test("it has the types as AssemblyScript has them, and no part that is for bindings alone", () => {
  const pages = pagesIn(folder);
  assert.match(pages.get(join("functions", "takePlace.md"))!, /`usize`[\s\S]*`T` \\\| `null`/);
  assert.ok(![...pages.keys()].some((path) => path.includes("lowerBlock")));
});

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cached } from "../../tools/setup/cache.js";

const root = mkdtempSync(join(tmpdir(), "rill-cache-"));
after(() => {
  rmSync(root, { recursive: true });
});

const write = (text: string) => (folder: string) => writeFile(join(folder, "file"), text);

test("an entry is filled once and found again", async () => {
  const first = await cached("once", write("first"), root);
  const second = await cached("once", write("second"), root);
  assert.equal(first, second);
  assert.equal(readFileSync(join(first, "file"), "utf8"), "first");
});

test("two that fill an entry at once leave one whole entry and nothing else", async () => {
  const entries = await Promise.all(["a", "b", "c"].map((text) => cached("race", write(text), root)));
  assert.equal(new Set(entries).size, 1);
  assert.equal(readFileSync(join(entries[0]!, "file"), "utf8").length, 1);
  assert.deepEqual(
    readdirSync(root).filter((name) => name.startsWith(".")),
    [],
  );
});

test("a fill that fails leaves nothing and can be tried again", async () => {
  const failing = async (folder: string): Promise<void> => {
    await writeFile(join(folder, "half"), "");
    throw new Error("no network");
  };
  await assert.rejects(cached("retry", failing, root), /no network/);
  assert.deepEqual(
    readdirSync(root).filter((name) => name.includes("retry")),
    [],
  );
  const entry = await cached("retry", write("whole"), root);
  assert.deepEqual(readdirSync(entry), ["file"]);
});

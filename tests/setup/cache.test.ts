import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { packageRoot } from "../../tools/package-root.js";
import { cached, cacheRoot } from "../../tools/setup/cache.js";

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

test("a cache that takes nothing is refused with the way out", async () => {
  const file = join(root, "a-file");
  await writeFile(file, "");
  await assert.rejects(cached("key", write("text"), join(file, "cache")), (error: Error) => {
    assert.ok(error instanceof UserError);
    assert.match(
      error.message,
      /a-file.cache: .*; name another folder for the cache with --cache or RILL_CACHE$/,
    );
    return true;
  });
});

/** Where a process with these variables keeps its cache. */
function rootWith(variables: Readonly<Record<string, string>>): string {
  const program = `process.stdout.write((await import(${JSON.stringify(new URL("../../tools/setup/cache.js", import.meta.url).href)})).cacheRoot())`;
  const { PATH = "", SystemRoot = "" } = process.env;
  const env = { PATH, SystemRoot, ...variables };
  return spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: root,
    env,
    encoding: "utf8",
  }).stdout;
}

test("the cache lies where the system keeps caches, or where RILL_CACHE says, never in the package", () => {
  assert.equal(rootWith({ RILL_CACHE: "mine", HOME: root }), join(root, "mine"));
  const usual = rootWith({ RILL_CACHE: "", HOME: root, LOCALAPPDATA: root });
  assert.ok(usual.startsWith(root) && usual.includes("as-rill"), usual);
  assert.ok(!cacheRoot().startsWith(join(packageRoot, "build")));
  if (process.platform === "linux") {
    assert.equal(usual, join(root, ".cache", "as-rill"));
    assert.equal(rootWith({ HOME: root, XDG_CACHE_HOME: join(root, "xdg") }), join(root, "xdg", "as-rill"));
  }
});

test("nothing of what ships writes into its own package", () => {
  const shipped = readdirSync(join(packageRoot, "tools"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/^(?:start|lanes|plot)/.test(path))
    .filter((path) =>
      readFileSync(join(packageRoot, "tools", path), "utf8").includes('packageRoot, "build"'),
    );
  assert.deepEqual(shipped, []);
});

/** Each AssemblyScript block of the pages is a whole guest of the WIT block above it: it builds, with all proofs. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { trackedFiles } from "../rules/tracked-files.js";

interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

const pages = trackedFiles(/^docs\/.*\.md$/);

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-docs-"));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language, 2: text, index }) => ({
    language: language!,
    text: text!,
    line: page.slice(0, index).split("\n").length,
  }));
}

/** The folder of as-rill is found from here as from a guest's project. */
async function build(wit: string, guest: string): Promise<void> {
  const at = mkdtempSync(join(folder, "guest-"));
  mkdirSync(join(at, "out"));
  writeFileSync(join(at, "guest.wit"), wit);
  writeFileSync(join(at, "guest.ts"), guest);
  await buildGuest({
    entry: join(at, "guest.ts"),
    wit: join(at, "guest.wit"),
    outDir: join(at, "out"),
    bindings: false,
  });
}

for (const { path, text } of pages) {
  let wit: string | undefined;
  for (const { language, text: code, line } of blocksOf(text)) {
    if (language === "wit") wit = code;
    if (language !== "ts") continue;
    const world = wit;
    test(`${path}:${line} builds`, async () => {
      assert.ok(world, "no WIT block stands above it");
      await build(world, code);
    });
  }
}

test("the pages have guests", () => {
  const all = pages.flatMap(({ text }) => blocksOf(text));
  assert.ok(all.filter(({ language }) => language === "ts").length > 10);
  const known = ["", "ts", "wit", "c", "json", "sh", "text"];
  assert.deepEqual(
    all.filter(({ language }) => !known.includes(language)).map(({ language }) => language),
    [],
  );
});

test("a block that does not compile is found", async () => {
  const wit = "package my:t; interface i { f: async func(x: stream<u8>); } world w { export i; }";
  const guest =
    'import { f } from "./bindings/my-t-i"; export function run(t: f.Task): void { t.x.nothing(); }';
  await assert.rejects(build(wit, guest), /nothing/);
});

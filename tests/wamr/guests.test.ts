/** Guests of this library on the C host: right items, no bytes too many, traps told. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import type { DesktopVariant } from "../../tools/wamr/desktop-library.js";
import { runOnWamr } from "../../tools/wamr/run-program.js";
import type { WamrRun } from "../../tools/wamr/wamr-run.js";

const ITEMS = 1000;
let folder: string;
let double: BuildResult;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-wamr-test-"));
  const guest = join(packageRoot, "tests", "guests", "double");
  double = await buildGuest({
    entry: join(guest, "double.ts"),
    wit: join(guest, "double.wit"),
    outDir: folder,
  });
  writeFileSync(
    join(folder, "in.u32le"),
    Buffer.from(Uint32Array.from({ length: ITEMS }, (_, index) => index * 3).buffer),
  );
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function job(more: Partial<WamrRun> = {}): WamrRun {
  return {
    core: double.corePath,
    world: double.world,
    call: "my:test/i#double",
    params: [{ path: join(folder, "in.u32le") }],
    output: join(folder, "out.u32le"),
    ...more,
  };
}

function output(): number[] {
  const bytes = readFileSync(join(folder, "out.u32le"));
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4));
}

const variants: readonly DesktopVariant[] = [
  { interpreter: "classic", bits: 64 },
  { interpreter: "fast", bits: 64 },
  { interpreter: "classic", bits: 32 },
  { interpreter: "fast", bits: 64, sanitized: true },
];
for (const variant of variants) {
  for (const mode of ["ready", "blocking"] as const) {
    const name = `${variant.interpreter}, ${variant.bits} bit${variant.sanitized ? ", sanitized" : ""}`;
    test(`double, ${mode}, on ${name}: every item doubled, in order`, async () => {
      const facts = await runOnWamr(job({ mode, variant }));
      assert.equal(facts.trap, null);
      assert.deepEqual(
        output(),
        Array.from({ length: ITEMS }, (_, index) => index * 6),
      );
      assert.deepEqual([facts.items_in, facts.items_out, facts.linear_memory_bytes], [ITEMS, ITEMS, 64]);
    });
  }
}

test("double, blocking: four host calls an item and no more", async () => {
  const facts = await runOnWamr(job({ mode: "blocking" }));
  assert.equal(Math.floor(facts.host_calls / ITEMS), 4);
});

test("a reader that goes away early: double stops, nothing traps", async () => {
  const facts = await runOnWamr(job({ mode: "blocking", limit: 10 }));
  assert.equal(facts.trap, null);
  assert.deepEqual(
    output(),
    Array.from({ length: 10 }, (_, index) => index * 6),
  );
  assert.ok(facts.items_in <= 12, `${facts.items_in} items were read for 10`);
});

test("a pool that is too small: one message, no run", async () => {
  const variant: DesktopVariant = { interpreter: "classic", bits: 32 };
  await assert.rejects(runOnWamr(job({ variant, poolBytes: 2048 })), /pool|allocate|instantiate/);
});

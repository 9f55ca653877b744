/**
 * Futures and unit streams of a guest of this library on the C host: the same
 * answer and the same calls as on V8.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";
import type { DesktopVariant } from "../../tools/wamr/desktop-library.js";
import { runOnWamr } from "../../tools/wamr/run-program.js";

const CALL = "test:inner/ends#local";
const N = 50;
let folder: string;
let inner: BuildResult;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-inner-"));
  const guest = join(packageRoot, "tests", "guests", "inner", "inner");
  inner = await buildGuest({ entry: `${guest}.ts`, wit: `${guest}.wit`, outDir: folder });
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const variants: readonly DesktopVariant[] = [
  { interpreter: "classic", bits: 64 },
  { interpreter: "fast", bits: 64 },
  { interpreter: "classic", bits: 32 },
  { interpreter: "fast", bits: 64, sanitized: true },
];
for (const variant of variants) {
  const name = `${variant.interpreter}, ${variant.bits} bit${variant.sanitized ? ", sanitized" : ""}`;
  test(`read, cancelled, read again, preset, dropped, on ${name}`, async () => {
    const job = { core: inner.corePath, world: inner.world, call: CALL, params: [{ value: N }], variant };
    const facts = await runOnWamr(job);
    assert.equal(facts.trap, null);
    assert.equal(facts.value, 3 * N);
    const v8 = runOnV8(planRun(inner.corePath, { call: CALL, in: [`n=${N}`], host: "v8", json: true }));
    assert.equal(v8.result, 3 * N);
    assert.equal(facts.host_calls, v8.host_calls);
  });
}

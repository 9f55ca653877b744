/** The clock of WASI is there without `--imports`; a file of imports goes first. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { bindImports } from "../../tools/run/imports/bind-imports.js";
import { openImports, type ImportsFlags } from "../../tools/run/imports/open-imports.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { runNative, runOnWamr } from "../../tools/run/run-on-c-host.js";
import { planRun } from "../../tools/run/run-plan.js";

const MILLISECOND = 1_000_000;
const HOUR = 3_600_000 * MILLISECOND;
const folder = mkdtempSync(join(tmpdir(), "rill-own-clock-"));
let core: string;

before(async () => {
  const guest = join(packageRoot, "tests", "guests", "timers");
  const [entry, wit] = [join(guest, "waiting.ts"), join(guest, "worlds.wit")];
  core = (await buildGuest({ entry, wit, world: "waiting", outDir: folder, bindings: false })).corePath;
});
after(() => {
  rmSync(folder, { recursive: true });
});

const plan = (
  call: string,
  host: "v8" | "wamr" | "native",
  ...values: readonly string[]
): ReturnType<typeof planRun> => planRun(core, { call: `test:timers/app#${call}`, in: values, host });

async function onV8(of: ReturnType<typeof planRun>, flags: ImportsFlags = {}): Promise<number> {
  const imports = await openImports(of, flags);
  try {
    const { result, trap } = runOnV8(of, { imports: bindImports(imports.plan, "ready") });
    assert.equal(trap, null);
    return Number(result);
  } finally {
    await imports.close();
  }
}

function requireTime(taken: number, wanted: number): void {
  assert.ok(taken >= wanted && taken < wanted + 30_000 * MILLISECOND, `${taken} ns for ${wanted}`);
}

test("a wait takes its time, on V8, on WAMR and as C, and the earlier of two ends first", async () => {
  const wait = ["nanoseconds=" + String(20 * MILLISECOND)];
  const earlier = ["left=" + String(HOUR), "right=" + String(20 * MILLISECOND)];
  requireTime(await onV8(plan("wait", "v8", ...wait)), 20 * MILLISECOND);
  requireTime(await onV8(plan("earlier", "v8", ...earlier), { stub: true }), 20 * MILLISECOND);
  for (const [name, values] of [
    ["wait", wait],
    ["earlier", earlier],
  ] as const) {
    for (const [host, runOn] of [
      ["wamr", runOnWamr],
      ["native", runNative],
    ] as const) {
      const { result, trap } = await runOn(plan(name, host, ...values));
      assert.equal(trap, null);
      requireTime(Number(result), 20 * MILLISECOND);
    }
  }
});

test("what a file of imports has goes first", async () => {
  const imports = join(folder, "clock.mjs");
  writeFileSync(
    imports,
    `let time = 0n;
export default { "wasi:clocks/monotonic-clock": {
  now: () => time,
  async waitFor(duration) { time += duration; },
} };\n`,
  );
  assert.equal(await onV8(plan("wait", "v8", `nanoseconds=${HOUR}`), { imports }), HOUR);
});
